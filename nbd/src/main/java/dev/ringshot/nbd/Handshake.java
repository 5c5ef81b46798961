package dev.ringshot.nbd;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The fixed newstyle handshake: the client asks for options until it chooses the export or leaves.
final class Handshake {
  /// More options than any client needs.
  static final int OPTIONS_MAX = 64;

  /// Longer ones are no option of this protocol: the longest strings and some.
  static final int OPTION_BYTES_MAX = 32 << 10;

  static final String ALLOCATION = "base:allocation";

  private static final int HEADER_BYTES = 16;
  private static final int ZEROES = 124;

  private final Export export;
  private final Input input;
  private final Output output;
  private boolean isFixed;
  private boolean hasNoZeroes;
  private boolean isStructured;

  /// The name given when `base:allocation` was chosen: it is chosen for that name alone.
  private @Nullable String allocationName;

  /// As told by the last INFO or GO.
  private @Nullable Agreement agreement;

  Handshake(Export export, Input input, Output output) {
    this.export = export;
    this.input = input;
    this.output = output;
  }

  /// @return null if the client left
  /// @throws ProtocolException if what it sends is not of this protocol
  @Nullable Agreement run() throws IOException {
    int flags = Nbd.NBD_FLAG_FIXED_NEWSTYLE | Nbd.NBD_FLAG_NO_ZEROES;
    output.room(18).putLong(Nbd.NBDMAGIC).putLong(Nbd.IHAVEOPT).putShort((short) flags);
    output.flush();
    if (!input.await(Integer.BYTES)) return null;
    int clientFlags = input.bytes().getInt();
    if ((clientFlags & ~flags) != 0)
      throw new ProtocolException("client flags 0x" + Integer.toHexString(clientFlags));
    isFixed = (clientFlags & Nbd.NBD_FLAG_FIXED_NEWSTYLE) != 0;
    hasNoZeroes = (clientFlags & Nbd.NBD_FLAG_NO_ZEROES) != 0;
    for (int i = 0; i < OPTIONS_MAX; i++) {
      if (!input.await(HEADER_BYTES)) return null;
      ByteBuffer header = input.bytes();
      long magic = header.getLong();
      int option = header.getInt();
      int length = header.getInt();
      if (magic != Nbd.IHAVEOPT)
        throw new ProtocolException("option magic 0x" + Long.toHexString(magic));
      if (length < 0 || length > OPTION_BYTES_MAX)
        throw new ProtocolException(
            "option " + option + " with " + Integer.toUnsignedLong(length) + " bytes");
      if (!isFixed && option != Nbd.NBD_OPT_EXPORT_NAME)
        throw new ProtocolException("option " + option + " of a client that is not fixed newstyle");
      ByteBuffer data = ByteBuffer.allocate(length);
      input.read(data);
      data.flip();
      if (option == Nbd.NBD_OPT_EXPORT_NAME) return exportName(data);
      if (option == Nbd.NBD_OPT_ABORT) return abort();
      boolean isDone = answer(option, data);
      output.flush();
      if (isDone && option == Nbd.NBD_OPT_GO) return agreement;
    }
    throw new ProtocolException("more than " + OPTIONS_MAX + " options");
  }

  /// @return whether the option did what it is for
  private boolean answer(int option, ByteBuffer data) throws IOException {
    return switch (option) {
      case Nbd.NBD_OPT_LIST -> list(data);
      case Nbd.NBD_OPT_INFO, Nbd.NBD_OPT_GO -> info(option, data);
      case Nbd.NBD_OPT_STRUCTURED_REPLY -> structuredReply(data);
      case Nbd.NBD_OPT_LIST_META_CONTEXT, Nbd.NBD_OPT_SET_META_CONTEXT -> metaContext(option, data);
      default -> refuse(option, Nbd.NBD_REP_ERR_UNSUP, "");
    };
  }

  private @Nullable Agreement abort() {
    try {
      acknowledge(Nbd.NBD_OPT_ABORT);
      output.flush();
    } catch (IOException _) {
      // it may leave without waiting for the answer
    }
    return null;
  }

  private Agreement exportName(ByteBuffer data) throws IOException {
    String name = OptionData.string(data, data.remaining());
    if (name == null || !export.hasName(name)) throw new ProtocolException("no such export");
    Agreement agreed = agree(name);
    output.room(10 + ZEROES).putLong(agreed.size()).putShort((short) agreed.flags());
    if (!hasNoZeroes) output.room(ZEROES).put(new byte[ZEROES]);
    output.flush();
    return agreed;
  }

  private boolean list(ByteBuffer data) throws IOException {
    if (data.hasRemaining())
      return refuse(Nbd.NBD_OPT_LIST, Nbd.NBD_REP_ERR_INVALID, "LIST takes no data");
    byte[] name = export.nameBytes();
    byte[] description = export.descriptionBytes();
    begin(Nbd.NBD_OPT_LIST, Nbd.NBD_REP_SERVER, Integer.BYTES + name.length + description.length)
        .putInt(name.length)
        .put(name)
        .put(description);
    return acknowledge(Nbd.NBD_OPT_LIST);
  }

  private boolean info(int option, ByteBuffer data) throws IOException {
    var asked = OptionData.ExportQuery.parse(data);
    if (asked == null) return refuse(option, Nbd.NBD_REP_ERR_INVALID, "malformed");
    if (!export.hasName(asked.name()))
      return refuse(option, Nbd.NBD_REP_ERR_UNKNOWN, "no such export");
    Agreement agreed = agree(asked.name());
    begin(option, Nbd.NBD_REP_INFO, 12)
        .putShort((short) Nbd.NBD_INFO_EXPORT)
        .putLong(agreed.size())
        .putShort((short) agreed.flags());
    begin(option, Nbd.NBD_REP_INFO, 14) // asked for or not: they are not the default
        .putShort((short) Nbd.NBD_INFO_BLOCK_SIZE)
        .putInt(agreed.blockSize())
        .putInt(export.preferredBlockSize())
        .putInt(Export.PAYLOAD_MAX);
    if (asked.wants(Nbd.NBD_INFO_NAME)) text(option, Nbd.NBD_INFO_NAME, export.nameBytes());
    if (asked.wants(Nbd.NBD_INFO_DESCRIPTION) && !export.description().isEmpty())
      text(option, Nbd.NBD_INFO_DESCRIPTION, export.descriptionBytes());
    agreement = agreed;
    return acknowledge(option);
  }

  private void text(int option, int info, byte[] text) throws IOException {
    begin(option, Nbd.NBD_REP_INFO, Short.BYTES + text.length).putShort((short) info).put(text);
  }

  private boolean structuredReply(ByteBuffer data) throws IOException {
    int option = Nbd.NBD_OPT_STRUCTURED_REPLY;
    if (data.hasRemaining())
      return refuse(option, Nbd.NBD_REP_ERR_INVALID, "STRUCTURED_REPLY takes no data");
    isStructured = true;
    return acknowledge(option);
  }

  private boolean metaContext(int option, ByteBuffer data) throws IOException {
    boolean isSet = option == Nbd.NBD_OPT_SET_META_CONTEXT;
    if (isSet) allocationName = null; // also when it fails
    var asked = OptionData.MetaContext.parse(data);
    if (asked == null) return refuse(option, Nbd.NBD_REP_ERR_INVALID, "malformed");
    if (!isStructured) return refuse(option, Nbd.NBD_REP_ERR_INVALID, "needs structured replies");
    if (!export.hasName(asked.name()))
      return refuse(option, Nbd.NBD_REP_ERR_UNKNOWN, "no such export");
    boolean isNamed = asked.queries().contains(ALLOCATION);
    boolean isListed = asked.queries().isEmpty() || asked.queries().contains("base:");
    if (isNamed || (!isSet && isListed))
      begin(option, Nbd.NBD_REP_META_CONTEXT, Integer.BYTES + ALLOCATION.length())
          .putInt(isSet ? Agreement.ALLOCATION_ID : 0)
          .put(OptionData.bytes(ALLOCATION));
    if (isSet && isNamed) allocationName = asked.name();
    return acknowledge(option);
  }

  private Agreement agree(String name) {
    return new Agreement(
        export.size(),
        export.blockSize(),
        export.transmissionFlags(isStructured),
        isStructured,
        name.equals(allocationName));
  }

  private boolean acknowledge(int option) throws IOException {
    begin(option, Nbd.NBD_REP_ACK, 0);
    return true;
  }

  private boolean refuse(int option, int error, String reason) throws IOException {
    byte[] text = OptionData.bytes(reason);
    begin(option, error, text.length).put(text);
    return false;
  }

  /// Begins an answer of so many bytes, which the caller puts.
  private ByteBuffer begin(int option, int type, int length) throws IOException {
    return output
        .room(20 + length)
        .putLong(Nbd.NBD_REP_MAGIC)
        .putInt(option)
        .putInt(type)
        .putInt(length);
  }
}
