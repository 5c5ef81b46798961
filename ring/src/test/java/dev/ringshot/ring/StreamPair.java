package dev.ringshot.ring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Socket;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// Two connected stream sockets, made by a ring on whichever kernel. What is written into the far
/// one counts up, byte by byte.
final class StreamPair implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final int BYTES_MAX = 1 << 16;

  final RingFile near;
  final RingFile far;
  private final Ring ring;
  private final MemorySegment copy;
  private long written;
  private long read;

  StreamPair(Ring ring) {
    this.ring = ring;
    var name = name(ring);
    int length = (int) name.byteSize();
    try (var listener = socket(ring)) {
      UdpPeer.answer(ring, sqe -> sqe.bind(listener.fd(), name.address(), length));
      UdpPeer.answer(ring, sqe -> sqe.listen(listener.fd(), 1));
      far = socket(ring);
      UdpPeer.answer(ring, sqe -> sqe.connect(far.fd(), name.address(), length));
      near = ring.file(UdpPeer.answer(ring, sqe -> sqe.accept(listener.fd(), 0, 0, 0)));
    }
    copy = ring.allocate(BYTES_MAX);
  }

  static RingFile socket(Ring ring) {
    return ring.file(
        UdpPeer.answer(ring, sqe -> sqe.socket(Socket.AF_UNIX, Socket.SOCK_STREAM, 0, 0)));
  }

  /// An abstract name that nobody else has.
  static MemorySegment name(Ring ring) {
    var text = "\0ringshot-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    var name = ring.allocate((long) Socket.SUN_PATH + bytes.length);
    name.set(JAVA_SHORT, Socket.SUN_FAMILY, (short) Socket.AF_UNIX);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, name, Socket.SUN_PATH, bytes.length);
    return name;
  }

  static byte value(long index) {
    return (byte) (index * 7 + index / 256);
  }

  /// Submits a send of the next `bytes` bytes; to be called once at a time.
  void write(int bytes) {
    for (int i = 0; i < bytes; i++) copy.set(JAVA_BYTE, i, value(written + i));
    written += bytes;
    ring.prepare(
            (res, flags) -> {
              if (res != bytes) throw new AssertionError("sent " + res + " of " + bytes);
            })
        .send(far.fd(), copy.address(), bytes, 0);
    ring.submit();
  }

  long written() {
    return written;
  }

  /// How many bytes [#check] saw.
  long read() {
    return read;
  }

  /// That these are the next bytes.
  void check(MemorySegment buffer, long offset, int length) {
    for (int i = 0; i < length; i++) {
      byte is = buffer.get(JAVA_BYTE, offset + i);
      if (is == value(read + i)) continue;
      throw new AssertionError("byte " + (read + i) + " is " + is + " at " + (offset + i));
    }
    read += length;
  }

  @Override
  public void close() {
    near.close();
    far.close();
  }
}
