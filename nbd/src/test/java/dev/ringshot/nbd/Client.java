package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/// A client that writes every byte itself.
final class Client implements AutoCloseable {
  private static final long OPTION_REPLY = 0x3e889045565a9L;

  final SocketChannel channel;
  private int lastOption;

  /// A reply: `type` is -1 if it is simple.
  record Answer(int type, int flags, long cookie, int errno, ByteBuffer data) {
    boolean isDone() {
      return type < 0 || (flags & 1) != 0;
    }
  }

  /// An answer to an option.
  record OptionAnswer(int option, int type, ByteBuffer data) {}

  Client(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  Client send(byte[] bytes) throws IOException {
    return send(ByteBuffer.wrap(bytes));
  }

  Client send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) channel.write(bytes);
    return this;
  }

  byte[] receive(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining())
      if (channel.read(bytes) < 0)
        throw new EOFException("closed " + bytes.remaining() + " bytes before " + count);
    return bytes.array();
  }

  private ByteBuffer take(int count) throws IOException {
    return ByteBuffer.wrap(receive(count));
  }

  /// Claims that the server has closed, with nothing more to read.
  void expectClosed() throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    int count;
    try {
      count = channel.read(one);
    } catch (IOException _) { // a reset
      return;
    }
    assertEquals(-1, count, "bytes read");
  }

  // The handshake.

  Client greet(int flags) throws IOException {
    receive(18);
    return send(ByteBuffer.allocate(4).putInt(flags).flip());
  }

  Client option(int option, byte... data) throws IOException {
    lastOption = option;
    return send(
        ByteBuffer.allocate(16 + data.length)
            .putLong(0x49484156454F5054L)
            .putInt(option)
            .putInt(data.length)
            .put(data)
            .flip());
  }

  OptionAnswer optionAnswer() throws IOException {
    ByteBuffer header = take(20);
    assertEquals(OPTION_REPLY, header.getLong());
    return new OptionAnswer(header.getInt(), header.getInt(), take(header.getInt()));
  }

  void expectAck() throws IOException {
    expectOption(Nbd.NBD_REP_ACK);
  }

  /// Claims that the answer is of a type, and returns what it says.
  byte[] expectOption(int type) throws IOException {
    OptionAnswer answer = optionAnswer();
    assertEquals(lastOption, answer.option());
    assertEquals(
        type, answer.type(), () -> new String(answer.data().array(), StandardCharsets.UTF_8));
    return answer.data().array();
  }

  void expectContext() throws IOException {
    expectOption(Nbd.NBD_REP_META_CONTEXT);
    expectAck();
  }

  Client metaContext(int option, String name, String... queries) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(1000);
    data.putInt(name.length()).put(name.getBytes(StandardCharsets.UTF_8)).putInt(queries.length);
    for (String query : queries)
      data.putInt(query.length()).put(query.getBytes(StandardCharsets.UTF_8));
    byte[] bytes = new byte[data.flip().remaining()];
    data.get(bytes);
    return option(option, bytes);
  }

  static byte[] exportQuery(String name, int... requests) {
    ByteBuffer data = ByteBuffer.allocate(6 + name.length() + 2 * requests.length);
    data.putInt(name.length()).put(name.getBytes(StandardCharsets.UTF_8));
    data.putShort((short) requests.length);
    for (int request : requests) data.putShort((short) request);
    return data.array();
  }

  Client go(String name) throws IOException {
    option(Nbd.NBD_OPT_GO, exportQuery(name));
    while (true) {
      OptionAnswer answer = optionAnswer();
      if (answer.type() == Nbd.NBD_REP_ACK) return this;
      assertEquals(Nbd.NBD_REP_INFO, answer.type());
    }
  }

  // Transmission.

  Client request(int flags, int type, long cookie, long offset, long length) throws IOException {
    return send(requestBytes(flags, type, cookie, offset, length));
  }

  static ByteBuffer requestBytes(int flags, int type, long cookie, long offset, long length) {
    return ByteBuffer.allocate(28)
        .putInt(0x25609513)
        .putShort((short) flags)
        .putShort((short) type)
        .putLong(cookie)
        .putLong(offset)
        .putInt((int) length)
        .flip();
  }

  /// Receives a reply, or a chunk of one; `simpleLength` is what a good simple one brings.
  Answer answer(int simpleLength) throws IOException {
    int magic = take(4).getInt();
    if (magic == 0x67446698) {
      ByteBuffer rest = take(12);
      int errno = rest.getInt();
      long cookie = rest.getLong();
      return new Answer(-1, 0, cookie, errno, take(errno == 0 ? simpleLength : 0));
    }
    assertEquals(0x668e33ef, magic, "magic of a reply");
    ByteBuffer header = take(16);
    int flags = header.getShort();
    int type = Short.toUnsignedInt(header.getShort());
    long cookie = header.getLong();
    ByteBuffer data = take(header.getInt());
    int errno = (type & 0x8000) != 0 ? data.getInt(0) : 0;
    return new Answer(type, flags, cookie, errno, data);
  }

  Answer answer() throws IOException {
    return answer(0);
  }

  /// Asks for something without data and claims how it ends.
  void expect(int errno, int flags, int type, long offset, long length) throws IOException {
    request(flags, type, 77, offset, length);
    Answer answer = answer();
    assertEquals(77, answer.cookie());
    assertEquals(errno, answer.errno(), "errno");
  }

  Client write(int flags, long cookie, long offset, byte[] data) throws IOException {
    return request(flags, Nbd.NBD_CMD_WRITE, cookie, offset, data.length).send(data);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
