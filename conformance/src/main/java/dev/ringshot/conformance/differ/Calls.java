package dev.ringshot.conformance.differ;

import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.conformance.differ.Feature.*;

import dev.ringshot.abi.GeteventsArg;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Draws steps that are no submissions.
final class Calls {
  private static final int GROUPS = 4;
  private static final int GROUP_AT = 16_384;
  private static final int GROUP_BYTES = 4_096;

  private final Draw draw;
  private final Set<Feature> features;
  private final List<FileKind> files;
  private final boolean takesAll;
  private final int[] sizes = new int[GROUPS]; // of a group's buffers

  Calls(Draw draw, Set<Feature> features, List<FileKind> files) {
    this.draw = draw;
    this.features = features;
    this.files = files;
    this.takesAll = !features.contains(OVERFLOW);
  }

  /// What a program begins with.
  List<Step> first() {
    List<Step> steps = new ArrayList<>();
    if (features.contains(DISABLED) && draw.chance(80))
      steps.add(new Step.Register(IORING_REGISTER_ENABLE_RINGS, Operand.ZERO, 0));
    if (features.contains(FIXED_FILES)) steps.add(registerFiles());
    if (features.contains(FIXED_BUFFERS)) steps.add(registerBuffers());
    if (features.contains(BUFFER_RINGS)) {
      for (int group = draw.between(0, 2); group >= 0; group--) {
        steps.add(addGroup(group));
        steps.add(provide(group));
      }
    }
    return steps;
  }

  /// Any step, or null.
  @Nullable Step draw() {
    int at = draw.below(100);
    if (at < 38) return write();
    if (at < 44) return read();
    if (at < 62) return features.contains(BUFFER_RINGS) ? provide(draw.below(3)) : null;
    if (at < 72) return takesAll ? null : new Step.Reap(draw.of(1, 2, 1000));
    if (at < 78) return features.contains(CLOSES) ? close() : null;
    if (at < 82) return features.contains(ACCEPTS) ? connect() : null;
    if (at < 88) return features.contains(REGISTRATIONS) ? register() : null;
    if (at < 94) return features.contains(ENTERS) ? enter() : null;
    if (at < 96) return features.contains(BUFFER_RINGS) ? new Step.Head(draw.below(4)) : null;
    return null;
  }

  private Step.AddGroup addGroup(int group) {
    int flags = 0;
    if (features.contains(INCREMENTAL) && draw.chance(50)) flags |= IOU_PBUF_RING_INC;
    if (features.contains(MAPPED_GROUPS) && draw.chance(50)) flags |= IOU_PBUF_RING_MMAP;
    int minLeft = (flags & IOU_PBUF_RING_INC) != 0 && draw.chance(30) ? draw.of(1, 8) : 0;
    sizes[group] = draw.of(8, 16, 32, 64, 64, 100, 128);
    return new Step.AddGroup(group, draw.of(2, 4, 8, 16), flags, minLeft);
  }

  private Step.Provide provide(int group) {
    int length = sizes[group] == 0 ? 32 : sizes[group];
    int count = draw.between(1, 4);
    int first = draw.below(8);
    int offset = GROUP_AT + group * GROUP_BYTES + first * 128;
    return new Step.Provide(group, 100 * group + first, count, offset, length);
  }

  private @Nullable Step write() {
    int file = draw.below(files.size());
    return switch (files.get(file)) {
      case PIPE -> new Step.Write(file, 1, draw.of(1, 5, 16, 40, 100, 300));
      case UDP -> new Step.Write(file, 0, draw.of(1, 40));
      case STREAM, SEQPACKET, DGRAM ->
          new Step.Write(file, draw.below(2), draw.of(1, 5, 16, 40, 100, 300));
      case EVENTFD -> new Step.Write(file, 0, draw.between(1, 3));
      case REGULAR, NULL, ZERO, LISTENER, DEVICE, POLLABLE_DEVICE -> null;
    };
  }

  private @Nullable Step read() {
    int file = draw.below(files.size());
    return switch (files.get(file)) {
      case PIPE, EVENTFD -> new Step.Read(file, 0, draw.of(8, 16, 64, 1000));
      case STREAM, SEQPACKET, DGRAM -> new Step.Read(file, draw.below(2), draw.of(1, 16, 64, 1000));
      case REGULAR, NULL, ZERO, LISTENER, UDP, DEVICE, POLLABLE_DEVICE -> null;
    };
  }

  private @Nullable Step close() {
    int file = draw.below(files.size());
    FileKind kind = files.get(file);
    if (kind.isDevice() || kind == FileKind.UDP) return null;
    int end = draw.below(kind.ends());
    if (kind == FileKind.STREAM && draw.chance(50))
      return new Step.Shutdown(file, end, draw.below(3));
    return new Step.Close(file, end);
  }

  private @Nullable Step connect() {
    int listener = files.indexOf(FileKind.LISTENER);
    return listener < 0 ? null : new Step.Connect(listener);
  }

  // ---- io_uring_enter

  private Step.Enter enter() {
    Operand now = new Operand.Block(16, List.of());
    Operand arg =
        new Operand.Block(
            GeteventsArg.SIZE,
            List.of(
                new Operand.Field(GeteventsArg.TS, 8, now),
                new Operand.Field(GeteventsArg.MIN_WAIT_USEC, 4, Operand.ZERO)));
    int timed = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
    return switch (draw.below(8)) {
      case 0 -> new Step.Enter(draw.below(3), 0, 0, Operand.ZERO, 0);
      case 1 -> new Step.Enter(0, 0, 1 << draw.of(10, 20, 31), Operand.ZERO, 0);
      case 2 -> new Step.Enter(0, draw.below(3), timed, arg, 16);
      case 3 -> new Step.Enter(0, draw.between(1, 200), timed, Operand.of(8), GeteventsArg.SIZE);
      case 4 -> new Step.Enter(0, 0, timed | IORING_ENTER_EXT_ARG_REG, Operand.ZERO, 0);
      default -> new Step.Enter(0, draw.between(0, 3), timed, arg, GeteventsArg.SIZE);
    };
  }

  // ---- io_uring_register

  private Step registerFiles() {
    int count = draw.between(2, 5);
    List<Operand.Field> fds = new ArrayList<>();
    for (int i = 0; i < count; i++) fds.add(new Operand.Field(i * 4, 4, anyFd()));
    return new Step.Register(IORING_REGISTER_FILES, new Operand.Block(count * 4, fds), count);
  }

  private Operand anyFd() {
    if (draw.chance(15)) return Operand.of(-1);
    int file = draw.below(files.size());
    FileKind kind = files.get(file);
    if (kind.needsWorker() || kind.isDevice() || kind == FileKind.UDP) return Operand.of(-1);
    return new Operand.Fd(file, draw.below(kind.ends()));
  }

  private Step registerBuffers() {
    int count = draw.between(2, 3);
    List<Operand.Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(new Operand.Field(i * 16, 8, new Operand.Data(i * 4096)));
      fields.add(new Operand.Field(i * 16 + 8, 8, Operand.of(4096)));
    }
    return new Step.Register(IORING_REGISTER_BUFFERS, new Operand.Block(count * 16, fields), count);
  }

  private @Nullable Step register() {
    return switch (draw.below(9)) {
      case 0 -> registerFiles();
      case 1 -> registerBuffers();
      case 2 -> new Step.Register(IORING_UNREGISTER_FILES, Operand.ZERO, 0);
      case 3 -> new Step.Register(IORING_UNREGISTER_BUFFERS, Operand.ZERO, 0);
      case 4 -> features.contains(BUFFER_RINGS) ? addGroup(draw.below(GROUPS)) : null;
      case 5 -> removeGroup();
      case 6 -> updateFile();
      case 7 -> syncCancel();
      default -> new Step.Register(IORING_REGISTER_ENABLE_RINGS, Operand.ZERO, 0);
    };
  }

  private Step removeGroup() {
    var reg = List.of(new Operand.Field(12, 2, Operand.of(draw.below(GROUPS))));
    return new Step.Register(IORING_UNREGISTER_PBUF_RING, new Operand.Block(40, reg), 1);
  }

  private Step updateFile() {
    var fd = new Operand.Block(4, List.of(new Operand.Field(0, 4, anyFd())));
    var update =
        List.of(new Operand.Field(0, 4, Operand.of(draw.below(6))), new Operand.Field(8, 8, fd));
    return new Step.Register(IORING_REGISTER_FILES_UPDATE, new Operand.Block(16, update), 1);
  }

  private Step syncCancel() {
    var fields =
        List.of(
            new Operand.Field(0, 8, Operand.of(draw.between(1, 40))),
            new Operand.Field(8, 4, anyFd()),
            new Operand.Field(
                12,
                4,
                Operand.of(
                    draw.of(
                        0,
                        IORING_ASYNC_CANCEL_ALL,
                        IORING_ASYNC_CANCEL_FD,
                        IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL,
                        1 << 10))),
            new Operand.Field(16, 8, Operand.of(-1)),
            new Operand.Field(24, 8, Operand.of(-1)));
    return new Step.Register(IORING_REGISTER_SYNC_CANCEL, new Operand.Block(64, fields), 1);
  }
}
