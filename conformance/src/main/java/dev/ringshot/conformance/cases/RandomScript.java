package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ALL;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_ANY;
import static dev.ringshot.abi.IoUring.IORING_ASYNC_CANCEL_FD;
import static dev.ringshot.conformance.device.Ref.REF_BOTH;
import static dev.ringshot.conformance.device.Ref.REF_END;
import static dev.ringshot.conformance.device.Ref.REF_FULL;
import static dev.ringshot.conformance.device.Ref.REF_F_END_VALUE;
import static dev.ringshot.conformance.device.Ref.REF_F_GROUP;
import static dev.ringshot.conformance.device.Ref.REF_F_KEEP;
import static dev.ringshot.conformance.device.Ref.REF_F_NO_SELECT;
import static dev.ringshot.conformance.device.Ref.REF_F_RETRY;
import static dev.ringshot.conformance.device.Ref.REF_POST;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ringshot.abi.Cqe;
import dev.ringshot.conformance.device.EventList;
import dev.ringshot.conformance.device.RefEvent;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.RefDevice;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.RingMode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// A program for the reference device that a seed decides: commands armed on groups of every kind,
/// events of every kind, completions taken or left, buffers given back, cancels that do not find
/// what is parked, and at last the end of the ring with all that is still armed. What it sees is
/// the same in every mode of a ring and on every kernel of one release.
public final class RandomScript {
  private static final int WHOLE = 7;
  private static final int INCREMENTAL = 8;
  private static final int LEGACY = 9;
  private static final int ABSENT = 10;
  private static final int STEPS = 40;

  private final SplittableRandom random;

  /// Part of an incremental buffer that is committed when selected comes without F_BUF_MORE, as if
  /// the buffer were done: so the proposal has it, and no program can live with it.
  private final boolean asksForLess;

  private final RawRing ring;
  private final RefDevice device;
  private final BufferGroup whole;
  private final BufferGroup incremental;
  private final MemorySegment legacy;
  private final int legacySize;
  private final Deque<Integer> toGiveBack = new ArrayDeque<>();
  private final Set<Integer> armedForGood = new HashSet<>(); // and not ended: not cancelable
  private final List<String> seen = new ArrayList<>();
  private int userData;

  private RandomScript(Rig rig, RingMode mode, long seed) {
    random = new SplittableRandom(seed);
    asksForLess = !MultishotSelectCases.commitsAtSelect(rig);
    ring = rig.ringWithCq(4, 4 << random.nextInt(4), mode.flags());
    device = random.nextBoolean() ? RefDevice.open(rig) : RefDevice.openPollable(rig);
    whole = rig.group(ring, WHOLE, 8).provide(0, 4 + random.nextInt(5), size());
    int minLeft = random.nextInt(3) * 8;
    incremental = rig.incrementalGroup(ring, INCREMENTAL, 4, minLeft).provide(100, 3, 3 * size());
    legacySize = size();
    legacy = rig.memory(4L * legacySize);
    provideLegacy();
  }

  /// Of a buffer: less than an event's word, a few words, or not quite a few.
  private int size() {
    return List.of(4, 16, 24, 41).get(random.nextInt(4));
  }

  /// Runs the script of that seed.
  ///
  /// @return what the program saw, a line each: completions, heads, the device's log
  public static List<String> run(Rig rig, RingMode mode, long seed) {
    var script = new RandomScript(rig, mode, seed);
    for (int step = 0; step < STEPS; step++) script.step();
    script.end();
    return script.seen;
  }

  private void step() {
    switch (random.nextInt(11)) {
      case 0, 1 -> arm();
      case 2 -> giveBack();
      case 3 -> provideLegacy();
      case 4 -> cancel();
      case 5, 6, 7 -> device.write(events(1 + random.nextInt(5), true));
      default -> take();
    }
    ring.getEvents(); // in every mode all that can happen has happened now
    seeLog();
  }

  private void seeLog() {
    for (String line : device.log()) {
      if (line.contains(" issued")) continue;
      seen.add(line);
      int end = line.indexOf(" ended ");
      if (end > 0) armedForGood.remove(Integer.valueOf(line.substring(0, end)));
    }
  }

  private void arm() {
    int group = List.of(WHOLE, WHOLE, INCREMENTAL, LEGACY, ABSENT).get(random.nextInt(5));
    int id = ++userData;
    int queue = List.of(0, 1, REF_BOTH).get(random.nextInt(3));
    var inline = events(random.nextInt(3), false);
    var arming = random.nextInt(8) == 0 ? device.armOnce(ring, id) : device.arm(ring, id, group);
    arming.queue(queue).list(inline);
    if (random.nextBoolean()) arming.cancelable();
    else armedForGood.add(id);
    if (random.nextInt(6) == 0) arming.sqe().skipSuccess();
    ring.submitAll();
  }

  /// Finds nothing, for parked commands are not looked for.
  private void cancel() {
    var sqe = ring.sqe(2_000);
    switch (random.nextInt(3)) {
      case 0 -> sqe.asyncCancel(1 + random.nextInt(8), 0);
      case 1 -> sqe.asyncCancelFd(device.fd(), IORING_ASYNC_CANCEL_FD | IORING_ASYNC_CANCEL_ALL);
      default -> sqe.asyncCancel(0, IORING_ASYNC_CANCEL_ANY);
    }
    ring.submitAll();
  }

  private EventList events(int count, boolean retry) {
    var list = new EventList();
    for (int i = 0; i < count; i++) list.add(event(retry));
    return list;
  }

  private RefEvent event(boolean retry) {
    int queue = random.nextInt(2);
    if (random.nextInt(12) == 0)
      return new RefEvent(REF_END, queue, 0, 0, 0, random.nextInt(40) - 20);
    int flags = random.nextInt(8) == 0 ? REF_F_NO_SELECT : 0;
    int group = 0;
    if (random.nextInt(8) == 0) {
      flags |= REF_F_GROUP;
      group = random.nextBoolean() ? WHOLE : INCREMENTAL;
    }
    if (random.nextBoolean()) flags |= REF_F_KEEP;
    if (random.nextInt(4) == 0) flags |= REF_F_END_VALUE;
    if (retry && random.nextInt(3) == 0) flags |= REF_F_RETRY;
    int asked = random.nextBoolean() ? 0 : random.nextInt(80);
    int length = asksForLess ? asked : 0;
    return new RefEvent(REF_POST, queue, group, flags, length, value(flags));
  }

  private int value(int flags) {
    return switch (random.nextInt(10)) {
      case 0 -> 0;
      case 1 -> random.nextInt(4) == 0 ? -1 - random.nextInt(100) : 1;
      case 2 -> (flags & REF_F_NO_SELECT) != 0 ? 1_000_000 : REF_FULL;
      default -> 1 + random.nextInt(40);
    };
  }

  private void take() {
    for (Completion each : ring.visible()) {
      seen.add(each.userData() + ": " + each.res() + " " + Completion.flagText(each.flags()));
      Claim.that("a last CQE has no flags: " + each, each.more() || each.flags() == 0);
      if (!Cqe.hasBuffer(each.flags())) continue;
      seen.add("  " + data(each.bid()));
      if (each.bid() < 100) toGiveBack.add(each.bid());
    }
    seen.add("heads " + whole.head() + " " + incremental.head());
  }

  private String data(int bid) {
    MemorySegment buffer;
    if (bid < 100) buffer = whole.buffer(bid);
    else if (bid < 200) buffer = incremental.buffer(bid);
    else buffer = legacy.asSlice((long) (bid - 200) * legacySize, legacySize);
    return Arrays.toString(buffer.toArray(JAVA_BYTE));
  }

  private void giveBack() {
    for (int count = random.nextInt(4); count > 0 && !toGiveBack.isEmpty(); count--)
      whole.giveBack(toGiveBack.remove());
  }

  private void provideLegacy() {
    int first = random.nextInt(3);
    int count = 1 + random.nextInt(2);
    long address = legacy.address() + (long) first * legacySize;
    ring.sqe(1_000).provideBuffers(address, legacySize, count, LEGACY, 200 + first);
    ring.submitAll();
  }

  private void end() {
    for (int round = 0; round < 3; round++) {
      take();
      ring.getEvents();
    }
    var status = device.status();
    seen.add(status.posted() + " posted, " + status.lost() + " lost, " + status.kept() + " kept");
    seen.add("entry " + incremental.entryLength(0) + " " + incremental.entryLength(1));
    ring.close();
    if (random.nextInt(4) == 0) meetTheEnd();
  }

  /// The ring is gone: what is cancelable ends at once, what is not at its next event.
  private void meetTheEnd() {
    device.awaitArmed(armedForGood.size());
    seeLog();
    for (int queue = 0; !armedForGood.isEmpty(); queue ^= 1) {
      long lost = device.status().lost();
      device.write(new EventList().on(queue).post(8));
      device.awaitLost(lost + 1);
      seeLog();
    }
  }
}
