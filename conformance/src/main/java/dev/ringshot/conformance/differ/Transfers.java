package dev.ringshot.conformance.differ;

import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.conformance.differ.Feature.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Draws SQEs that move data.
final class Transfers {
  /// Where reads and writes without buffer groups end.
  static final int PLAIN_BYTES = 14_000;

  /// The group of PROVIDE_BUFFERS, and where its buffers are.
  static final int LEGACY = 6;

  static final int LEGACY_AT = 14_336;

  private static final Operand ANYWHERE = Operand.of(-1);

  private final Draw draw;
  private final Set<Feature> features;
  private final List<FileKind> files;

  Transfers(Draw draw, Set<Feature> features, List<FileKind> files) {
    this.draw = draw;
    this.features = features;
    this.files = files;
  }

  void addTo(List<Recipe> recipes) {
    add(recipes, PIPES, 9, this::read);
    add(recipes, PIPES, 10, this::write);
    add(recipes, EVENTFDS, 5, this::count);
    add(recipes, STREAMS, 8, this::receive);
    add(recipes, STREAMS, 9, this::send);
    add(recipes, MESSAGES, 7, this::receive);
    add(recipes, MESSAGES, 8, this::send);
    add(recipes, BUNDLES, 5, this::sendBundle);
    add(recipes, MSGHDRS, 5, this::receiveMessage);
    add(recipes, MSGHDRS, 4, this::sendMessage);
    add(recipes, VECTORS, 5, this::readVector);
    add(recipes, VECTORS, 5, this::writeVector);
    add(recipes, MULTISHOT_READS, 8, this::readMultishot);
    add(recipes, MULTISHOT_READS, 5, this::write);
    add(recipes, MULTISHOT_RECEIVES, 8, this::receiveMultishot);
    add(recipes, MULTISHOT_RECEIVES, 6, this::send);
    add(recipes, FIXED_BUFFERS, 7, this::fixed);
    add(recipes, TX_TIMESTAMPS, 8, this::timestamps);
    add(recipes, TX_TIMESTAMPS, 8, this::send);
    add(recipes, COMMANDS, 3, this::readZeroes);
  }

  /// What always needs a worker.
  void addFreeTo(List<Recipe> recipes) {
    if (features.contains(EVENTFDS)) recipes.add(new Recipe(3, true, this::addCount));
    if (!features.contains(FILES)) return;
    recipes.add(new Recipe(5, true, () -> file(false)));
    recipes.add(new Recipe(5, true, () -> file(true)));
    recipes.add(new Recipe(2, true, this::sync));
  }

  private void add(
      List<Recipe> recipes, Feature feature, int weight, Supplier<@Nullable Entry> make) {
    if (features.contains(feature)) recipes.add(new Recipe(weight, false, make));
  }

  // ---- operands

  private Operand.@Nullable Fd end(int end, FileKind... kinds) {
    var wanted = EnumSet.noneOf(FileKind.class);
    wanted.addAll(List.of(kinds));
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) if (wanted.contains(files.get(i))) indices.add(i);
    return indices.isEmpty() ? null : new Operand.Fd(draw.of(indices), end);
  }

  private Operand.@Nullable Fd socket() {
    return end(draw.below(2), FileKind.STREAM, FileKind.DGRAM, FileKind.SEQPACKET);
  }

  /// Of sockets that stamp what they send only one end sends: a receive there would go round and
  /// round while a stamp is there, and end on a worker.
  private Operand.@Nullable Fd sender() {
    var fd = draw.chance(60) ? end(0, FileKind.UDP) : null;
    return fd != null ? fd : socket();
  }

  private Operand.@Nullable Fd receiver() {
    var fd = draw.chance(30) ? end(1, FileKind.UDP) : null;
    return fd != null ? fd : socket();
  }

  private int size() {
    return draw.of(1, 5, 16, 16, 33, 64, 100, 200, 500, 1000);
  }

  private Operand memory() {
    return new Operand.Data(draw.below(PLAIN_BYTES / 1024) * 1024 + draw.of(0, 0, 3, 64));
  }

  private Entry into(int opcode, Operand fd, int length) {
    Entry entry = Entry.of(opcode, fd, memory(), length, Operand.ZERO);
    int group = group();
    boolean selects = group >= 0 && draw.chance(45);
    if (!selects) return entry;
    return entry.withAddr(Operand.ZERO).withLen(draw.chance(60) ? 0 : length).selecting(group);
  }

  /// A group that there may be, or -1.
  int group() {
    boolean rings = features.contains(BUFFER_RINGS);
    boolean legacy = features.contains(LEGACY_BUFFERS);
    if (legacy && (!rings || draw.chance(40))) return LEGACY;
    return rings ? draw.below(draw.chance(80) ? 2 : 4) : -1;
  }

  // ---- one-shot

  private @Nullable Entry read() {
    var fd = end(0, FileKind.PIPE);
    return fd == null ? null : into(IORING_OP_READ, fd, size()).withOff(ANYWHERE);
  }

  private @Nullable Entry write() {
    var fd = end(1, FileKind.PIPE);
    if (fd == null) fd = end(draw.below(2), FileKind.STREAM);
    return fd == null ? null : Entry.of(IORING_OP_WRITE, fd, memory(), size(), ANYWHERE);
  }

  private @Nullable Entry count() {
    var fd = end(0, FileKind.EVENTFD);
    if (fd == null) return null;
    return Entry.of(IORING_OP_READ, fd, memory(), draw.chance(90) ? 8 : 4, ANYWHERE);
  }

  private @Nullable Entry addCount() {
    var fd = end(0, FileKind.EVENTFD);
    if (fd == null) return null;
    var one =
        new Operand.Block(8, List.of(new Operand.Field(0, 8, Operand.of(draw.between(1, 3)))));
    return Entry.of(IORING_OP_WRITE, fd, one, 8, ANYWHERE);
  }

  private @Nullable Entry receive() {
    var fd = receiver();
    if (fd == null) return null;
    Entry entry = into(IORING_OP_RECV, fd, size());
    if (draw.chance(10))
      entry =
          entry.withOpFlags(
              draw.of(MSG_PEEK, MSG_DONTWAIT, entry.has(IOSQE_BUFFER_SELECT) ? 0 : MSG_WAITALL));
    boolean pollsFirst = !features.contains(DRAINS) && draw.chance(10);
    return pollsFirst ? entry.withIoprio(IORING_RECVSEND_POLL_FIRST) : entry;
  }

  private @Nullable Entry send() {
    var fd = sender();
    if (fd == null) return null;
    Entry entry = Entry.of(IORING_OP_SEND, fd, memory(), size(), Operand.ZERO);
    return draw.chance(10) ? entry.withOpFlags(draw.of(MSG_DONTWAIT, MSG_NOSIGNAL)) : entry;
  }

  /// Bundles are only sent: what one receives depends on earlier requests of the ring, whose arrays
  /// Linux uses again.
  private @Nullable Entry sendBundle() {
    var fd = end(draw.below(2), FileKind.STREAM);
    if (fd == null || !features.contains(BUFFER_RINGS)) return null;
    if (features.contains(INCREMENTAL)) return null;
    return Entry.of(IORING_OP_SEND, fd, Operand.ZERO, draw.of(0, 0, 40), Operand.ZERO)
        .selecting(draw.below(2))
        .withIoprio(draw.chance(70) ? IORING_RECVSEND_BUNDLE : 0);
  }

  private static final int MSG_PEEK = 2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_WAITALL = 0x100;
  private static final int MSG_NOSIGNAL = 0x4000;

  private Operand vector(int count) {
    return vector(count, 0);
  }

  /// @param least bytes of each; an empty message is one that a socket closed on it does not count
  private Operand vector(int count, int least) {
    List<Operand.Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(new Operand.Field(i * 16, 8, memory()));
      fields.add(new Operand.Field(i * 16 + 8, 8, Operand.of(draw.of(least, 7, 16, 40, 300))));
    }
    return new Operand.Block(count * 16, fields);
  }

  private Operand message(int vectors) {
    return new Operand.Block(
        56,
        List.of(
            new Operand.Field(16, 8, vector(Math.max(vectors, 1), 1)),
            new Operand.Field(24, 8, Operand.of(vectors))));
  }

  private @Nullable Entry receiveMessage() {
    var fd = socket();
    if (fd == null) return null;
    int group = group();
    boolean selects = group >= 0 && draw.chance(50);
    Entry entry =
        Entry.of(
            IORING_OP_RECVMSG,
            fd,
            message(selects ? draw.between(0, 1) : draw.between(1, 3)),
            1,
            Operand.ZERO);
    if (!selects) return entry;
    entry = entry.selecting(group);
    return features.contains(MULTISHOT_RECEIVES) && draw.chance(60)
        ? entry.withIoprio(IORING_RECV_MULTISHOT)
        : entry;
  }

  private @Nullable Entry sendMessage() {
    var fd = socket();
    if (fd == null) return null;
    return Entry.of(IORING_OP_SENDMSG, fd, message(draw.between(1, 3)), 1, Operand.ZERO);
  }

  private @Nullable Entry readVector() {
    var fd = end(0, FileKind.PIPE);
    if (fd == null) return null;
    int group = group();
    if (group >= 0 && draw.chance(40))
      return Entry.of(IORING_OP_READV, fd, vector(1), 1, ANYWHERE).selecting(group);
    int count = draw.between(0, 3);
    return Entry.of(IORING_OP_READV, fd, vector(Math.max(count, 1)), count, ANYWHERE);
  }

  private @Nullable Entry writeVector() {
    var fd = end(1, FileKind.PIPE);
    if (fd == null) return null;
    int count = draw.between(1, 3);
    return Entry.of(IORING_OP_WRITEV, fd, vector(count), count, ANYWHERE);
  }

  private @Nullable Entry fixed() {
    boolean reads = draw.chance(50);
    var fd = end(reads ? 0 : 1, FileKind.PIPE);
    if (fd == null) return null;
    int index = draw.below(3);
    return Entry.of(
            reads ? IORING_OP_READ_FIXED : IORING_OP_WRITE_FIXED,
            fd,
            new Operand.Data(index * 4096 + draw.of(0, 8, 4000)),
            draw.of(1, 16, 90),
            ANYWHERE)
        .withBufIndex(index);
  }

  private @Nullable Entry readZeroes() {
    var fd = end(0, FileKind.ZERO, FileKind.NULL);
    return fd == null ? null : into(IORING_OP_READ, fd, size());
  }

  // ---- multishot

  private @Nullable Entry readMultishot() {
    var fd =
        draw.chance(90)
            ? end(0, FileKind.PIPE, FileKind.EVENTFD)
            : end(0, FileKind.STREAM, FileKind.DGRAM, FileKind.ZERO);
    int group = group();
    if (fd == null || group < 0) return null;
    return Entry.of(IORING_OP_READ_MULTISHOT, fd, Operand.ZERO, 0, ANYWHERE).selecting(group);
  }

  private @Nullable Entry receiveMultishot() {
    var fd = socket();
    int group = group();
    if (fd == null || group < 0) return null;
    Entry entry =
        Entry.of(IORING_OP_RECV, fd, Operand.ZERO, draw.chance(80) ? 0 : 8, Operand.ZERO)
            .selecting(group);
    if (draw.chance(15)) entry = entry.withFileIndex(draw.of(10, 50, 200)); // in all
    return entry.withIoprio(draw.chance(85) ? IORING_RECV_MULTISHOT : 0);
  }

  private @Nullable Entry timestamps() {
    var fd = end(0, FileKind.UDP);
    if (fd == null) return null;
    Entry entry =
        Entry.of(
            IORING_OP_URING_CMD, fd, Operand.ZERO, 0, Operand.of(SOCKET_URING_OP_TX_TIMESTAMP));
    return draw.chance(50)
        ? entry.selecting(draw.below(3)).withOpFlags(IORING_URING_CMD_MULTISHOT)
        : entry;
  }

  // ---- files

  private @Nullable Entry file(boolean writes) {
    var fd = end(0, FileKind.REGULAR);
    if (fd == null) return null;
    Operand at = Operand.of(draw.of(0, 0, 10, 100, 4000));
    return writes
        ? Entry.of(IORING_OP_WRITE, fd, memory(), size(), at)
        : into(IORING_OP_READ, fd, size()).withOff(at);
  }

  private @Nullable Entry sync() {
    var fd = end(0, FileKind.REGULAR);
    if (fd == null) return null;
    if (draw.chance(50)) return Entry.of(IORING_OP_FSYNC, fd, Operand.ZERO, 0, Operand.ZERO);
    return Entry.of(
        IORING_OP_FTRUNCATE, fd, Operand.ZERO, 0, Operand.of(draw.of(0, 50, 100, 3000)));
  }
}
