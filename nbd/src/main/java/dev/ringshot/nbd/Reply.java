package dev.ringshot.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One message to a client: a simple reply, or a chunk of a structured one.
final class Reply {
  private static final int HEADER_MAX = 20 + 14;

  private enum Form {
    SIMPLE,
    /// Goes on with the data of a simple reply.
    REST,
    DATA,
    STATUS,
    ERROR,
    ERROR_AT,
    DONE
  }

  private final Form form;
  private final long cookie;
  private final int errno;
  private final long offset;
  private final @Nullable Buffer data;
  private final boolean isLast;

  /// The one queued before it; used by [ReplyQueue].
  @Nullable Reply next;

  private Reply(
      Form form, long cookie, int errno, long offset, @Nullable Buffer data, boolean isLast) {
    this.form = form;
    this.cookie = cookie;
    this.errno = errno;
    this.offset = offset;
    this.data = data;
    this.isLast = isLast;
  }

  /// A simple reply without data.
  static Reply simple(long cookie, int errno) {
    return new Reply(Form.SIMPLE, cookie, errno, 0, null, true);
  }

  /// A simple reply with data, of which more follows if this is not the last.
  static Reply simpleData(long cookie, Buffer data, boolean isLast) {
    return new Reply(Form.SIMPLE, cookie, 0, 0, data, isLast);
  }

  /// More data of a simple reply; no other reply may come in between.
  static Reply rest(Buffer data) {
    return new Reply(Form.REST, 0, 0, 0, data, false);
  }

  /// Nothing more of a simple reply; sends nothing.
  static Reply endOfRest() {
    return new Reply(Form.REST, 0, 0, 0, null, true);
  }

  /// A chunk with data of the device from `offset` on.
  static Reply data(long cookie, long offset, Buffer data, boolean isLast) {
    return new Reply(Form.DATA, cookie, 0, offset, data, isLast);
  }

  /// The one chunk that answers `NBD_CMD_BLOCK_STATUS`.
  static Reply status(long cookie, Buffer payload) {
    return new Reply(Form.STATUS, cookie, 0, 0, payload, true);
  }

  /// The chunk that says that a request failed.
  static Reply error(long cookie, int errno) {
    return new Reply(Form.ERROR, cookie, errno, 0, null, true);
  }

  /// A chunk that says where a read failed; more follow.
  static Reply errorAt(long cookie, int errno, long offset) {
    return new Reply(Form.ERROR_AT, cookie, errno, offset, null, false);
  }

  /// The chunk after which no other comes.
  static Reply done(long cookie) {
    return new Reply(Form.DONE, cookie, 0, 0, null, true);
  }

  /// Whether its request is over once it is sent.
  boolean isLast() {
    return isLast;
  }

  /// What to give back once it is sent.
  @Nullable Buffer buffer() {
    return data;
  }

  void writeTo(Output output) throws IOException {
    ByteBuffer header = output.room(HEADER_MAX);
    switch (form) {
      case SIMPLE -> header.putInt(Nbd.NBD_SIMPLE_REPLY_MAGIC).putInt(errno).putLong(cookie);
      case REST -> {}
      case DATA -> chunk(header, Nbd.NBD_REPLY_TYPE_OFFSET_DATA, 8).putLong(offset);
      case STATUS -> chunk(header, Nbd.NBD_REPLY_TYPE_BLOCK_STATUS, 0);
      case ERROR -> chunk(header, Nbd.NBD_REPLY_TYPE_ERROR, 6).putInt(errno).putShort((short) 0);
      case ERROR_AT ->
          chunk(header, Nbd.NBD_REPLY_TYPE_ERROR_OFFSET, 14)
              .putInt(errno)
              .putShort((short) 0)
              .putLong(offset);
      case DONE -> chunk(header, Nbd.NBD_REPLY_TYPE_NONE, 0);
    }
    if (data != null) output.write(data.bytes());
  }

  private ByteBuffer chunk(ByteBuffer header, int type, int fixed) {
    return header
        .putInt(Nbd.NBD_STRUCTURED_REPLY_MAGIC)
        .putShort((short) (isLast ? Nbd.NBD_REPLY_FLAG_DONE : 0))
        .putShort((short) type)
        .putLong(cookie)
        .putInt(fixed + (data == null ? 0 : data.bytes().remaining()));
  }
}
