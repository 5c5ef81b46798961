package dev.ringshot.conformance.differ;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.Host;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a program has around its ring on one kernel: memory, files, the numbers they have there.
final class World {
  /// Bytes of data: the lower half for reads and writes, the upper for groups.
  static final int DATA_BYTES = 32_768;

  /// Bytes of arguments that one program may put together.
  private static final int ARGUMENT_BYTES = 65_536;

  private static final int STAMPS =
      Socket.SOF_TIMESTAMPING_TX_SOFTWARE
          | Socket.SOF_TIMESTAMPING_SOFTWARE
          | Socket.SOF_TIMESTAMPING_OPT_ID
          | Socket.SOF_TIMESTAMPING_OPT_CMSG
          | Socket.SOF_TIMESTAMPING_OPT_TSONLY;

  private final Rig rig;
  private final Host host;
  private final MemorySegment data;
  private final MemorySegment arguments;
  private final List<int[]> files = new ArrayList<>();
  private final List<Integer> made = new ArrayList<>();
  private final List<@Nullable RefDevice> devices = new ArrayList<>();
  private int used; // of the arguments
  private @Nullable RawRing ring;
  private @Nullable RawRing peer;
  private @Nullable Groups groups;

  World(Rig rig, List<FileKind> kinds, Path folder) {
    this.rig = rig;
    this.host = rig.host();
    this.data = rig.memory((long) DATA_BYTES);
    this.arguments = rig.memory((long) ARGUMENT_BYTES);
    for (int i = 0; i < DATA_BYTES; i += Long.BYTES)
      data.set(JAVA_LONG_UNALIGNED, i, 0x0101_0101_0101_0101L * (i / 64 + 1));
    for (int i = 0; i < kinds.size(); i++) {
      devices.add(null);
      files.add(open(kinds.get(i), folder, i));
    }
  }

  private int[] open(FileKind kind, Path folder, int index) {
    return switch (kind) {
      case PIPE -> both(host.pipe());
      case STREAM -> both(host.socketPair(Socket.SOCK_STREAM));
      case SEQPACKET -> both(host.socketPair(Socket.SOCK_SEQPACKET));
      case DGRAM -> both(host.socketPair(Socket.SOCK_DGRAM));
      case EVENTFD -> one(host.eventfd(0, 0));
      case REGULAR -> one(rig.kernel().open(content(folder), Fcntl.O_RDWR));
      case NULL -> one(rig.kernel().open("/dev/null", Fcntl.O_RDWR));
      case ZERO -> one(rig.kernel().open("/dev/zero", Fcntl.O_RDWR));
      case LISTENER -> one(host.tcpListener());
      case UDP -> udp();
      case DEVICE -> device(RefDevice.open(rig), index);
      case POLLABLE_DEVICE -> device(RefDevice.openPollable(rig), index);
    };
  }

  private static int[] both(Ends ends) {
    return new int[] {ends.near(), ends.far()};
  }

  private static int[] one(int fd) {
    return new int[] {fd};
  }

  private int[] udp() {
    int near = host.udpSocket();
    int far = host.udpSocket();
    host.udpConnect(near, far);
    host.udpConnect(far, near);
    host.setsockopt(near, Socket.SOL_SOCKET, Socket.SO_TIMESTAMPING, STAMPS);
    return new int[] {near, far};
  }

  private int[] device(RefDevice device, int index) {
    devices.set(index, device);
    return new int[] {device.fd()};
  }

  private static String content(Path folder) {
    return folder.resolve("file").toString();
  }

  void use(RawRing own, @Nullable RawRing other, Groups known) {
    ring = own;
    peer = other;
    groups = known;
  }

  /// The program's data.
  MemorySegment data() {
    return data;
  }

  /// A device that the program opened.
  @Nullable RefDevice device(int file) {
    return devices.get(file);
  }

  /// Keeps a descriptor that the kernel made.
  ///
  /// @return its index
  int keep(int fd) {
    made.add(fd);
    return made.size() - 1;
  }

  /// A descriptor, or [Operand#CLOSED].
  int fd(int file, int end) {
    if (file >= files.size()) return Operand.CLOSED;
    int[] ends = files.get(file);
    return end < ends.length ? ends[end] : Operand.CLOSED;
  }

  /// The descriptor, which from now on is closed.
  int forget(int file, int end) {
    int fd = fd(file, end);
    if (fd != Operand.CLOSED) {
      files.get(file)[end] = Operand.CLOSED;
    }
    return fd;
  }

  /// What `operand` is here.
  long value(Operand operand) {
    return switch (operand) {
      case Operand.Plain number -> number.value();
      case Operand.Fd end -> fd(end.file(), end.end());
      case Operand.Made one -> one.index() < made.size() ? made.get(one.index()) : Operand.CLOSED;
      case Operand.Self _ -> ring == null ? Operand.CLOSED : ring.fd();
      case Operand.Peer _ -> peer == null ? Operand.CLOSED : peer.fd();
      case Operand.Data at -> data.address() + at.offset();
      case Operand.GroupRing group -> groups == null ? 0 : groups.address(group.group());
      case Operand.Block block -> block(block).address();
    };
  }

  /// Puts an argument together.
  MemorySegment block(Operand.Block block) {
    int size = (block.size() + 15) / 16 * 16;
    if (used + size > ARGUMENT_BYTES) used = 0;
    var memory = arguments.asSlice(used, block.size());
    used += size;
    memory.fill((byte) 0);
    for (Operand.Field field : block.fields()) {
      long value = value(field.value());
      switch (field.bytes()) {
        case 1 -> memory.set(JAVA_BYTE, field.at(), (byte) value);
        case 2 -> memory.set(JAVA_SHORT_UNALIGNED, field.at(), (short) value);
        case 4 -> memory.set(JAVA_INT_UNALIGNED, field.at(), (int) value);
        default -> memory.set(JAVA_LONG_UNALIGNED, field.at(), value);
      }
    }
    return memory;
  }

  /// Closes what is still open; devices are the rig's.
  void close() {
    for (int i = 0; i < files.size(); i++) {
      if (devices.get(i) != null) continue;
      for (int fd : files.get(i)) if (fd != Operand.CLOSED) host.close(fd);
    }
    made.forEach(host::close);
  }

  /// A sum of each kibibyte of the data.
  List<Integer> sums() {
    List<Integer> sums = new ArrayList<>();
    byte[] bytes = data.toArray(JAVA_BYTE);
    for (int at = 0; at < DATA_BYTES; at += 1024)
      sums.add(Arrays.hashCode(Arrays.copyOfRange(bytes, at, at + 1024)));
    return sums;
  }
}
