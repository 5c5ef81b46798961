package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Socket;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// Socket addresses in memory of the kernel's, as bind(2) and connect(2) want them.
public final class Sockaddr {
  /// 127.0.0.1.
  public static final int LOOPBACK = 0x7f00_0001;

  private static final int FIRST_PORT = 20_000;
  private static final int LAST_PORT = 30_000;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private Sockaddr() {}

  /// `struct sockaddr_in`.
  public static MemorySegment inet(Rig t, int ip, int port) {
    MemorySegment address = t.memory((long) Socket.SOCKADDR_IN_SIZE);
    address.set(JAVA_SHORT, Socket.SIN_FAMILY, (short) Socket.AF_INET);
    address.set(JAVA_SHORT, Socket.SIN_PORT, Short.reverseBytes((short) port));
    address.set(JAVA_INT, Socket.SIN_ADDR, Integer.reverseBytes(ip));
    return address;
  }

  /// `struct sockaddr_un`, as long as the name is.
  ///
  /// @param name a path, or an abstract name, which begins with a zero
  public static MemorySegment unix(Rig t, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    MemorySegment address = t.memory((long) Socket.SUN_PATH + bytes.length);
    address.set(JAVA_SHORT, Socket.SUN_FAMILY, (short) Socket.AF_UNIX);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, address, Socket.SUN_PATH, bytes.length);
    return address.asSlice(0, Socket.SUN_PATH + bytes.length);
  }

  /// An abstract name of `AF_UNIX` that no other process and no other case has.
  public static MemorySegment unusedName(Rig t) {
    long process = ProcessHandle.current().pid();
    return unix(t, "\0ringshot-" + process + "-" + NEXT.getAndIncrement());
  }

  /// Binds `socket` by the ring to a free port of 127.0.0.1.
  ///
  /// @return its address
  public static MemorySegment bind(Rig t, RawRing ring, int socket) {
    for (int port = FIRST_PORT; port < LAST_PORT; port++) {
      MemorySegment address = inet(t, LOOPBACK, port);
      ring.sqe(0).bind(socket, address.address(), Socket.SOCKADDR_IN_SIZE);
      if (ring.takeOne().res() == 0) return address;
    }
    throw new AssertionError("no free port");
  }

  /// The port in a `struct sockaddr_in`.
  public static int port(MemorySegment address) {
    return Short.toUnsignedInt(Short.reverseBytes(address.get(JAVA_SHORT, Socket.SIN_PORT)));
  }
}
