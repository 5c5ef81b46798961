package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMFILE;
import static dev.ringshot.abi.Errno.ENFILE;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.IoUring.IORING_FILE_INDEX_ALLOC;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILES;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILES2;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILES_SKIP;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILES_UPDATE;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILE_ALLOC_RANGE;
import static dev.ringshot.abi.IoUring.IORING_RSRC_REGISTER_SPARSE;
import static dev.ringshot.abi.IoUring.IORING_UNREGISTER_FILES;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.FilesUpdate;
import dev.ringshot.abi.RsrcRegister;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Registered files. Each is an eventfd here, and is recognized by its readiness.
public final class FileTableCases {
  private static final int CLOSED_FD = 1_000_000;
  private static final int EMPTY = -1;

  /// Topics are made by reflection.
  public FileTableCases() {}

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void fixedFileIsAnIndexOfTheTable(Rig t) {
    RawRing ring = t.ring(8);
    int ready = ready(t);
    Claim.result("FILES", 0, register(t, ring, t.eventfd(), ready));
    Claim.equal("ready", POLLIN, probe(ring, 1));
    Claim.equal("beyond", -EBADF, probe(ring, 2));
    Claim.equal("negative", -EBADF, probe(ring, -1));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void registeredFileOutlivesItsDescriptor(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.host().eventfd(1, 0);
    Claim.result("FILES", 0, register(t, ring, eventfd));
    Claim.result("close", 0, t.host().close(eventfd));
    Claim.equal("ready", POLLIN, probe(ring, 0));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void ringHasOneTable(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, ready(t)));
    Claim.result("again", -EBUSY, register(t, ring, ready(t)));
    Claim.result("sparse", -EBUSY, registerSparse(t, ring, 4));
    Claim.result("unregister", 0, unregister(ring));
    Claim.result("unregister again", -ENXIO, unregister(ring));
    Claim.equal("no table", -EBADF, probe(ring, 0));
    Claim.result("FILES", 0, register(t, ring, ready(t)));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void minusOneIsAnEmptySlot(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, EMPTY, ready(t), EMPTY));
    Claim.equal("empty", -EBADF, probe(ring, 0));
    Claim.equal("ready", POLLIN, probe(ring, 1));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void sparseTableIsEmpty(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES2", 0, registerSparse(t, ring, 4));
    Claim.equal("empty", -EBADF, probe(ring, 0));
    Claim.equal("empty", -EBADF, probe(ring, 3));
    Claim.result("UPDATE", 1, update(t, ring, 3, ready(t)));
    Claim.equal("ready", POLLIN, probe(ring, 3));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void argumentsOfRegisterAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("none", -EINVAL, ring.register(IORING_REGISTER_FILES, fds(t, 1), 0));
    Claim.result("no argument", -EFAULT, ring.register(IORING_REGISTER_FILES, 0, 1));
    Claim.result("fault", -EFAULT, ring.register(IORING_REGISTER_FILES, Rig.UNMAPPED, 1));
    Claim.result("too many", -EMFILE, ring.register(IORING_REGISTER_FILES, fds(t, 1), 1 << 21));
    Claim.result("closed", -EBADF, register(t, ring, ready(t), CLOSED_FD));
    Claim.result("the ring itself", -EBADF, register(t, ring, ring.fd()));
    Claim.result("nothing stays", -ENXIO, unregister(ring));
    Claim.result(
        "unregister with argument", -EINVAL, ring.register(IORING_UNREGISTER_FILES, fds(t, 1), 0));
    Claim.result("unregister with count", -EINVAL, ring.register(IORING_UNREGISTER_FILES, 0, 1));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void argumentsOfSparseRegisterAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("none", -EINVAL, registerSparse(t, ring, 0));
    MemorySegment request = sparse(t, 4);
    Claim.result("short", -EINVAL, register2(ring, request, 8));
    Claim.result("long", -EINVAL, register2(ring, request, RsrcRegister.SIZE + 8));
    request.set(JAVA_LONG, RsrcRegister.RESV2, 1);
    Claim.result("reserved", -EINVAL, register2(ring, request, RsrcRegister.SIZE));
    request = sparse(t, 4);
    request.set(JAVA_INT, RsrcRegister.FLAGS, 2);
    Claim.result("unknown flag", -EINVAL, register2(ring, request, RsrcRegister.SIZE));
    request = sparse(t, 4);
    request.set(JAVA_LONG, RsrcRegister.DATA, fds(t, 1));
    Claim.result("sparse with data", -EINVAL, register2(ring, request, RsrcRegister.SIZE));
    Claim.result("nothing stays", -ENXIO, unregister(ring));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES_UPDATE")
  public void updateReplacesFillsAndEmpties(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, ready(t), EMPTY, ready(t), ready(t)));
    Claim.result("UPDATE", 3, update(t, ring, 0, EMPTY, ready(t), IORING_REGISTER_FILES_SKIP));
    Claim.equal("emptied", -EBADF, probe(ring, 0));
    Claim.equal("filled", POLLIN, probe(ring, 1));
    Claim.equal("skipped", POLLIN, probe(ring, 2));
    Claim.equal("untouched", POLLIN, probe(ring, 3));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES_UPDATE")
  public void updateStopsAtTheFirstBadDescriptor(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, EMPTY, EMPTY, EMPTY));
    Claim.result("first bad", -EBADF, update(t, ring, 0, CLOSED_FD, ready(t)));
    Claim.result("second bad", 1, update(t, ring, 0, ready(t), CLOSED_FD, ready(t)));
    Claim.equal("first", POLLIN, probe(ring, 0));
    Claim.equal("second", -EBADF, probe(ring, 1));
    Claim.equal("third", -EBADF, probe(ring, 2));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES_UPDATE")
  public void badDescriptorEmptiesTheSlotItWasMeantFor(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, ready(t)));
    Claim.result("UPDATE", -EBADF, update(t, ring, 0, CLOSED_FD));
    Claim.equal("slot", -EBADF, probe(ring, 0));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES_UPDATE")
  public void argumentsOfUpdateAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("no table", -ENXIO, update(t, ring, 0, EMPTY));
    Claim.result("FILES", 0, register(t, ring, EMPTY, EMPTY));
    Claim.result("none", -EINVAL, update(t, ring, 0));
    Claim.result("beyond", -EINVAL, update(t, ring, 1, EMPTY, EMPTY));
    Claim.result("index beyond", -EINVAL, update(t, ring, 2, EMPTY));
    int opcode = IORING_REGISTER_FILES_UPDATE;
    Claim.result("fault", -EFAULT, ring.register(opcode, Rig.UNMAPPED, 1));
    MemorySegment update = updateOf(t, 0, Rig.UNMAPPED);
    Claim.result("descriptors fault", -EFAULT, ring.register(opcode, update.address(), 1));
    update.set(JAVA_INT, FilesUpdate.RESV, 1);
    Claim.result("reserved", -EINVAL, ring.register(opcode, update.address(), 1));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES_UPDATE")
  public void updateIsAnOperationToo(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, EMPTY, EMPTY));
    ring.sqe(1).filesUpdate(fds(t, ready(t), ready(t)), 2, 0);
    ring.expect(cqe(1, 2));
    Claim.equal("second", POLLIN, probe(ring, 1));
    ring.sqe(2).filesUpdate(fds(t, EMPTY), 1, 1);
    ring.expect(cqe(2, 1));
    Claim.equal("second", -EBADF, probe(ring, 1));
    ring.sqe(3).filesUpdate(fds(t, EMPTY), 1, 2);
    ring.expect(cqe(3, -EINVAL));
    ring.sqe(4).filesUpdate(Rig.UNMAPPED, 1, 0);
    ring.expect(cqe(4, -EFAULT));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES_UPDATE")
  public void updateOperationFindsFreeSlotsItself(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, EMPTY, ready(t), EMPTY));
    long slots = fds(t, ready(t), ready(t));
    ring.sqe(1).filesUpdate(slots, 2, IORING_FILE_INDEX_ALLOC);
    ring.expect(cqe(1, 2));
    ring.sqe(2).filesUpdate(slots, 1, IORING_FILE_INDEX_ALLOC);
    ring.takeOne();
    Claim.equal("first", POLLIN, probe(ring, 0));
    Claim.equal("last", POLLIN, probe(ring, 2));
    ring.sqe(3).filesUpdate(fds(t, ready(t)), 1, IORING_FILE_INDEX_ALLOC);
    ring.expect(cqe(3, -ENFILE));
  }

  @Case
  @Spec("io_uring_prep_openat_direct(3): IORING_FILE_INDEX_ALLOC")
  public void freeSlotIsSoughtBehindTheLastThatChanged(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES2", 0, registerSparse(t, ring, 8));
    Claim.equal("first", 0, allocate(t, ring));
    Claim.equal("second", 1, allocate(t, ring));
    Claim.result("UPDATE", 1, update(t, ring, 5, ready(t)));
    Claim.equal("behind an update", 6, allocate(t, ring));
    Claim.result("UPDATE", 1, update(t, ring, 1, EMPTY));
    Claim.equal("one that was emptied", 1, allocate(t, ring));
    Claim.result("UPDATE", 1, update(t, ring, 7, ready(t)));
    Claim.equal("round the end", 2, allocate(t, ring));
    Claim.equal("and on", 3, allocate(t, ring));
    Claim.equal("and on", 4, allocate(t, ring));
    Claim.equal("full", -ENFILE, allocate(t, ring));
  }

  private static int allocate(Rig t, RawRing ring) {
    long path = t.memory("/dev/null\0".getBytes(StandardCharsets.UTF_8)).address();
    ring.sqe(7).openat(Fcntl.AT_FDCWD, path, Fcntl.O_RDWR, 0).fileIndex(IORING_FILE_INDEX_ALLOC);
    return ring.takeOne().res();
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void requestInFlightKeepsTheFileItStartedWith(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    Claim.result("FILES", 0, register(t, ring, eventfd));
    ring.sqe(1).pollAdd(0, POLLIN).fixedFile();
    ring.submitAll();
    Claim.result("UPDATE", 1, update(t, ring, 0, EMPTY));
    Claim.result("unregister", 0, unregister(ring));
    t.signal(eventfd);
    ring.expect(cqe(1, POLLIN));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES_UPDATE")
  public void closeOperationEmptiesASlot(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, ready(t)));
    ring.sqe(1).close(0).fd(0).fileIndex(1);
    ring.expect(cqe(1, 0));
    ring.sqe(2).close(0).fd(0).fileIndex(1);
    ring.expect(cqe(2, -EBADF));
    ring.sqe(3).close(0).fd(0).fileIndex(2);
    ring.expect(cqe(3, -EINVAL));
    Claim.equal("slot", -EBADF, probe(ring, 0));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void tableBelongsToOneRing(Rig t) {
    RawRing ring = t.ring(8);
    RawRing other = t.ring(8);
    Claim.result("FILES", 0, register(t, ring, ready(t)));
    Claim.equal("there", -EBADF, probe(other, 0));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_FILES")
  public void allocationKeepsToItsRange(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("FILES", 0, registerSparse(t, ring, 8));
    MemorySegment range = t.memory(16L);
    range.set(JAVA_INT, 0, 5);
    range.set(JAVA_INT, 4, 1);
    int opcode = IORING_REGISTER_FILE_ALLOC_RANGE;
    Claim.result("ALLOC_RANGE", 0, ring.register(opcode, range.address(), 0));
    long slots = fds(t, ready(t));
    ring.sqe(1).filesUpdate(slots, 1, IORING_FILE_INDEX_ALLOC);
    ring.expect(cqe(1, 1));
    Claim.equal("slot", POLLIN, probe(ring, 5));
    ring.sqe(2).filesUpdate(fds(t, ready(t)), 1, IORING_FILE_INDEX_ALLOC);
    ring.expect(cqe(2, -ENFILE));
    range.set(JAVA_INT, 4, 4);
    Claim.result("beyond", -EINVAL, ring.register(opcode, range.address(), 0));
    Claim.result("count", -EINVAL, ring.register(opcode, range.address(), 1));
  }

  /// What a poll of a registered file finds at once.
  private static int probe(RawRing ring, int index) {
    ring.sqe(1000).pollAdd(index, POLLIN).fixedFile();
    return ring.takeOne().res();
  }

  private static int ready(Rig t) {
    return t.own("eventfd", t.host().eventfd(1, 0));
  }

  private static int register(Rig t, RawRing ring, int... fds) {
    return ring.register(IORING_REGISTER_FILES, fds(t, fds), fds.length);
  }

  private static int registerSparse(Rig t, RawRing ring, int count) {
    return register2(ring, sparse(t, count), RsrcRegister.SIZE);
  }

  private static MemorySegment sparse(Rig t, int count) {
    MemorySegment request = t.memory((long) RsrcRegister.SIZE);
    request.set(JAVA_INT, RsrcRegister.NR, count);
    request.set(JAVA_INT, RsrcRegister.FLAGS, IORING_RSRC_REGISTER_SPARSE);
    return request;
  }

  private static int register2(RawRing ring, MemorySegment request, int size) {
    return ring.register(IORING_REGISTER_FILES2, request.address(), size);
  }

  private static int unregister(RawRing ring) {
    return ring.register(IORING_UNREGISTER_FILES, 0, 0);
  }

  private static int update(Rig t, RawRing ring, int index, int... fds) {
    MemorySegment update = updateOf(t, index, fds(t, fds));
    return ring.register(IORING_REGISTER_FILES_UPDATE, update.address(), fds.length);
  }

  private static MemorySegment updateOf(Rig t, int index, long fds) {
    MemorySegment update = t.memory((long) FilesUpdate.SIZE);
    update.set(JAVA_INT, FilesUpdate.OFFSET, index);
    update.set(JAVA_LONG, FilesUpdate.FDS, fds);
    return update;
  }

  private static long fds(Rig t, int... fds) {
    MemorySegment memory = t.memory(4L * Math.max(1, fds.length));
    MemorySegment.copy(fds, 0, memory, JAVA_INT, 0, fds.length);
    return memory.address();
  }
}
