package dev.ringshot.conformance.fuzz;

import static dev.ringshot.conformance.device.Ref.REF_PATH;
import static dev.ringshot.conformance.device.Ref.REF_PATH_POLL;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.device.ReferenceDevice;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.ModelOptions;
import dev.ringshot.model.Scheduler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A kernel with something of everything open in it, and the memory of its program.
final class World implements AutoCloseable {
  private static final String NOWHERE = "/nowhere";

  final Scheduler time;
  final ModelKernel kernel;
  final Structures structures;
  final List<FuzzedRing> rings = new ArrayList<>();

  /// What can be read and written without an address,
  final int[] streams;

  /// sockets,
  final int[] sockets;

  /// those that take connections,
  final int[] listeners;

  /// reference devices,
  final int[] devices;

  /// and what is left.
  final int[] others;

  final int[] all;

  /// @param files where its host files are; null for none
  World(Scheduler time, ModelOptions options, @Nullable Path files) {
    this.time = time;
    kernel =
        ReferenceDevice.addTo(new ModelKernel(time, options.withFiles(new JailedFiles(files))));
    String file = files == null ? NOWHERE : files + "/file";
    structures =
        new Structures(
            kernel,
            new String[] {
              file, REF_PATH, "/dev/null", file + "2", "/dev/zero", "", NOWHERE, REF_PATH_POLL
            });
    int[] pipe = pair(at -> kernel.pipe(at, 0));
    int[] stream = pair(at -> kernel.socketPair(Socket.SOCK_STREAM, at));
    int[] packets = pair(at -> kernel.socketPair(Socket.SOCK_SEQPACKET, at));
    int[] datagrams = pair(at -> kernel.socketPair(Socket.SOCK_DGRAM, at));
    int server = socket(Socket.SOCK_STREAM, 5);
    int client = kernel.sockets().socket(Socket.AF_INET, Socket.SOCK_STREAM, 0);
    int udp = socket(Socket.SOCK_DGRAM, 6);
    int unix = kernel.sockets().socket(Socket.AF_UNIX, Socket.SOCK_STREAM, 0);
    structures.memory.set(JAVA_INT, scratch() + 4, 1);
    call(kernel.sockets().bind(unix, name(1), 16));
    call(kernel.sockets().listen(server, 4) | kernel.sockets().listen(unix, 4));
    call(kernel.sockets().connect(client, name(5), Socket.SOCKADDR_IN_SIZE));
    int zero = kernel.open("/dev/zero", Fcntl.O_RDWR);
    int nothing = kernel.open("/dev/null", Fcntl.O_RDWR);
    int events = kernel.eventfd(3, 0);
    int disk = kernel.open(file, Fcntl.O_RDWR | Fcntl.O_CREAT);
    streams = join(pipe, stream, packets, datagrams, new int[] {client, events, zero, disk});
    sockets = join(stream, packets, datagrams, new int[] {client, udp, server, unix});
    listeners = new int[] {server, unix};
    devices =
        new int[] {kernel.open(REF_PATH, Fcntl.O_RDWR), kernel.open(REF_PATH_POLL, Fcntl.O_RDWR)};
    others = new int[] {nothing, zero, events, disk};
    all = join(streams, sockets, devices, others);
  }

  private int scratch() {
    return Structures.BYTES - 256;
  }

  private interface PairMaker {
    int make(long at);
  }

  private int[] pair(PairMaker maker) {
    call(maker.make(structures.base + scratch()));
    return new int[] {
      structures.memory.get(JAVA_INT, scratch()), structures.memory.get(JAVA_INT, scratch() + 4)
    };
  }

  private long name(int slot) {
    return structures.nameOf(slot);
  }

  private int socket(int type, int name) {
    int fd = kernel.sockets().socket(Socket.AF_INET, type, 0);
    call(kernel.sockets().bind(fd, name(name), Socket.SOCKADDR_IN_SIZE));
    return fd;
  }

  private static void call(int result) {
    Failure.unless(result >= 0, "a world could not be made: " + result);
  }

  private static int[] join(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  /// A descriptor of some kind, seldom of another, seldom none at all.
  int fd(Dice dice, int[] kind) {
    int how = dice.octet();
    if (how < 224 && kind.length > 0) return dice.pick(kind);
    if (how < 240) return dice.pick(all);
    if (how < 248) return dice.below(64);
    return (int) dice.strange();
  }

  int ringFd(Dice dice) {
    if (rings.isEmpty() || dice.oneIn(32)) return fd(dice, others);
    return rings.get(dice.below(rings.size())).fd;
  }

  @Override
  public void close() {
    kernel.close();
    time.close();
  }
}
