package dev.ringshot.model;

import static dev.ringshot.abi.Socket.AF_INET;
import static dev.ringshot.abi.Socket.AF_UNIX;
import static dev.ringshot.abi.Socket.SIN_ADDR;
import static dev.ringshot.abi.Socket.SIN_PORT;
import static dev.ringshot.abi.Socket.SOCKADDR_IN_SIZE;
import static dev.ringshot.abi.Socket.SUN_PATH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A socket's address, by value: the bytes of its `struct sockaddr_in` or `sockaddr_un`.
final class SocketAddress {
  /// 127.0.0.1.
  static final int LOOPBACK = 0x7f00_0001;

  /// Of an `AF_UNIX` socket without a name: its family alone.
  static final SocketAddress UNNAMED = unix(new byte[0], 0, 0);

  private final byte[] bytes;
  private final MemorySegment segment;

  private SocketAddress(byte[] bytes) {
    this.bytes = bytes;
    this.segment = MemorySegment.ofArray(bytes).asReadOnly();
  }

  /// @param ip its four bytes, the first of them highest
  static SocketAddress inet(int ip, int port) {
    var bytes = new byte[SOCKADDR_IN_SIZE];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_INET)
        .order(ByteOrder.BIG_ENDIAN)
        .putShort(SIN_PORT, (short) port)
        .putInt(SIN_ADDR, ip);
    return new SocketAddress(bytes);
  }

  /// @param name a path, with its zero, or an abstract name, which begins with one
  static SocketAddress unix(byte[] name, int from, int length) {
    var bytes = new byte[SUN_PATH + length];
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX);
    System.arraycopy(name, from, bytes, SUN_PATH, length);
    return new SocketAddress(bytes);
  }

  int ip() {
    return ByteBuffer.wrap(bytes).getInt(SIN_ADDR);
  }

  int port() {
    return ByteBuffer.wrap(bytes).getShort(SIN_PORT) & 0xffff;
  }

  /// Whether it is a name of `AF_UNIX` that no file stands for.
  boolean isAbstract() {
    return bytes.length > SUN_PATH && bytes[SUN_PATH] == 0;
  }

  int length() {
    return bytes.length;
  }

  MemorySegment bytes() {
    return segment;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SocketAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
