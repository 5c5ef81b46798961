package dev.ringshot.conformance.differ;

import static dev.ringshot.abi.IoUring.*;
import static dev.ringshot.conformance.differ.Feature.*;

import dev.ringshot.model.Release;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Draws a [Program] from a seed: first the features that it may use, then the setup and the files
/// that they need, then steps. The same seed and release make the same program.
public final class ProgramGenerator {
  private static final int STEPS_MIN = 14;
  private static final int STEPS_MAX = 46;
  private static final int ENDLESS = 4096; // CQEs that no program comes to

  private final long seed;
  private final Draw draw;
  private final Release release;
  private final Set<Feature> features;
  private final List<FileKind> files;
  private final Recipes recipes;
  private final Calls calls;
  private final boolean takesAll;
  private int sqEntries;
  private long userData;

  private ProgramGenerator(long seed, Release release) {
    this.seed = seed;
    this.release = release;
    draw = new Draw(seed);
    features = features();
    files = files();
    takesAll = !features.contains(OVERFLOW);
    recipes = new Recipes(draw, features, files, release);
    calls = new Calls(draw, features, files);
  }

  /// The program of that seed.
  ///
  /// @param release whose opcodes and flags it may use
  public static Program of(long seed, Release release) {
    return new ProgramGenerator(seed, release).program();
  }

  private Set<Feature> features() {
    var on = EnumSet.noneOf(Feature.class);
    for (Feature feature : Feature.values()) if (draw.chance(feature.percent())) on.add(feature);
    if (on.contains(WIDE_CQES)) on.remove(MIXED_CQES);
    if (on.contains(WIDE_SQES)) on.remove(MIXED_SQES);
    if (release != Release.LINUX_7_3) on.remove(MIXED_SQES);
    if (on.contains(TX_TIMESTAMPS)) { // which in a mixed ring bring fillers, wherever they stand
      on.remove(MIXED_CQES);
      on.add(WIDE_CQES);
      on.remove(OVERFLOW); // where Linux wants two slots for a stamp, as if in a mixed ring
    }
    if (on.contains(DISABLED)) { // an SQE that waits for it must not name what is closed meanwhile
      on.add(REGISTRATIONS);
      on.remove(CLOSES);
      on.removeAll(EnumSet.of(LINKS, HARDLINKS)); // a queue that fills up meanwhile cuts chains
    }
    if (on.contains(SKIPS)) on.remove(DRAINS); // which it makes impossible
    if (on.contains(OVERFLOW)) // a mixed ring must not keep long completions
    on.removeAll(EnumSet.of(WORKERS, EXPIRY, FILES, DRAINS, MIXED_CQES));
    return on;
  }

  private List<FileKind> files() {
    List<FileKind> kinds = new ArrayList<>();
    if (features.contains(PIPES))
      for (int i = draw.between(1, 2); i > 0; i--) kinds.add(FileKind.PIPE);
    if (features.contains(STREAMS) || features.contains(MULTISHOT_RECEIVES))
      kinds.add(FileKind.STREAM);
    if (features.contains(MESSAGES))
      kinds.add(draw.chance(50) ? FileKind.DGRAM : FileKind.SEQPACKET);
    if (features.contains(EVENTFDS)) kinds.add(FileKind.EVENTFD);
    if (features.contains(FILES)) kinds.add(FileKind.REGULAR);
    if (features.contains(COMMANDS)) {
      kinds.add(FileKind.NULL);
      kinds.add(FileKind.ZERO);
    }
    if (features.contains(ACCEPTS)) kinds.add(FileKind.LISTENER);
    if (features.contains(TX_TIMESTAMPS)) kinds.add(FileKind.UDP);
    if (kinds.isEmpty() || kinds.getFirst() == FileKind.UDP) kinds.addFirst(FileKind.PIPE);
    return kinds;
  }

  private int setupFlags() {
    int flags = 0;
    if (features.contains(SUBMIT_ALL)) flags |= IORING_SETUP_SUBMIT_ALL;
    if (features.contains(DEFERRED))
      flags |= IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    if (features.contains(COOPERATIVE)) flags |= IORING_SETUP_COOP_TASKRUN;
    if ((flags & (IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_COOP_TASKRUN)) != 0 && draw.chance(50))
      flags |= IORING_SETUP_TASKRUN_FLAG;
    if (features.contains(WIDE_CQES)) flags |= IORING_SETUP_CQE32;
    if (features.contains(MIXED_CQES)) flags |= IORING_SETUP_CQE_MIXED;
    if (features.contains(WIDE_SQES)) flags |= IORING_SETUP_SQE128;
    if (features.contains(MIXED_SQES)) flags |= IORING_SETUP_SQE_MIXED;
    if (features.contains(NO_ARRAY)) flags |= IORING_SETUP_NO_SQARRAY;
    if (features.contains(DISABLED)) flags |= IORING_SETUP_R_DISABLED;
    return flags;
  }

  private Program program() {
    sqEntries = 4 << draw.below(4);
    int flags = setupFlags();
    int cqEntries = 0;
    if (!takesAll) {
      sqEntries = 4 << draw.below(2);
      cqEntries = sqEntries << draw.below(2);
    } else if (draw.chance(80)) cqEntries = 128;
    else sqEntries = 32;
    if (features.contains(TX_TIMESTAMPS)) cqEntries = ENDLESS;
    if (cqEntries != 0) flags |= IORING_SETUP_CQSIZE;
    List<Step> steps = new ArrayList<>(calls.first());
    int wanted = draw.between(STEPS_MIN, STEPS_MAX);
    while (steps.size() < wanted) {
      if (draw.chance(62)) steps.add(submit());
      else {
        Step step = calls.draw();
        if (step != null) steps.add(step);
      }
    }
    return new Program(
        seed, features, flags, sqEntries, cqEntries, files, takesAll, List.copyOf(steps));
  }

  private Step.Submit submit() {
    if (features.contains(DRAINS) && draw.chance(12)) return drain();
    boolean alone = recipes.hasFree() && draw.chance(30);
    int enterFlags = draw.chance(30) ? IORING_ENTER_GETEVENTS : 0;
    if (alone) return new Step.Submit(List.of(numbered(recipes.free())), enterFlags);
    List<Entry> entries = new ArrayList<>();
    int room = sqEntries;
    for (int count = draw.between(1, Math.min(7, sqEntries)); count > 0; count--) {
      Entry entry = numbered(recipes.ordinary());
      room -= entry.wide() ? 2 : 1;
      if (room < 0) break;
      entries.add(entry);
    }
    link(entries);
    return new Step.Submit(List.copyOf(entries), enterFlags);
  }

  /// A request that waits for all before it, and maybe one that waits behind it: such that it does
  /// not matter when they run.
  private Step.Submit drain() {
    List<Entry> entries = new ArrayList<>();
    entries.add(numbered(Entry.of(IORING_OP_NOP)).plusFlags(IOSQE_IO_DRAIN));
    if (draw.chance(50)) entries.addFirst(numbered(Entry.of(IORING_OP_NOP)));
    if (draw.chance(50)) entries.add(numbered(Entry.of(IORING_OP_NOP)));
    if (features.contains(LINKS) && draw.chance(50))
      entries.set(0, entries.get(0).plusFlags(IOSQE_IO_LINK));
    return new Step.Submit(List.copyOf(entries), 0);
  }

  /// Makes chains of neighbours; the last of a submission ends its chain.
  private void link(List<Entry> entries) {
    if (!features.contains(LINKS) && !features.contains(HARDLINKS)) return;
    for (int i = 0; i + 1 < entries.size(); i++) {
      if (!draw.chance(35)) continue;
      boolean hard = features.contains(HARDLINKS) && (draw.chance(40) || !features.contains(LINKS));
      entries.set(i, entries.get(i).plusFlags(hard ? IOSQE_IO_HARDLINK : IOSQE_IO_LINK));
      if (features.contains(LINK_TIMEOUTS) && draw.chance(40))
        entries.set(i + 1, numbered(recipes.linkTimeout()));
    }
  }

  private Entry numbered(@Nullable Entry entry) {
    Entry numbered = (entry == null ? Entry.of(IORING_OP_NOP) : entry).withUserData(++userData);
    if (features.contains(SKIPS) && draw.chance(12))
      numbered = numbered.plusFlags(IOSQE_CQE_SKIP_SUCCESS);
    recipes.remember(numbered);
    return numbered;
  }
}
