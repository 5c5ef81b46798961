package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.RingParams;
import dev.ringshot.model.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// What one case works with: a kernel, its host, and whatever the case opens, which ends with it.
public final class Rig implements AutoCloseable {
  /// A page-aligned user address that nothing is ever mapped at.
  public static final long UNMAPPED = 0x8000;

  /// An address of the kernel's own half.
  public static final long KERNEL_RANGE = 0xffff_8000_0000_0000L;

  private final Platform platform;
  private final Kernel kernel;
  private final Deque<RawRing> rings = new ArrayDeque<>();
  private final List<Runnable> devices = new ArrayList<>();
  private final Deque<Runnable> closers = new ArrayDeque<>();
  private final List<Completion> record = new ArrayList<>();

  /// A rig on a platform's kernel, perhaps decorated.
  public Rig(Platform platform, Kernel kernel) {
    this.platform = platform;
    this.kernel = kernel;
  }

  /// The kernel under test.
  public Kernel kernel() {
    return kernel;
  }

  /// Whose behaviour is expected.
  public Release release() {
    return platform.release();
  }

  /// Whether 7.x behaviour is expected.
  public boolean is7() {
    return release() == Release.LINUX_7_3;
  }

  /// Skips the case unless `need` is met: for rows of a case; whole cases carry `@Needs`.
  public void need(Need need) {
    String lacking = platform.lacks(need);
    if (lacking != null) throw new Skipped(lacking);
  }

  /// Whether `need` is met.
  public boolean has(Need need) {
    return platform.lacks(need) == null;
  }

  // ---- rings

  /// A ring of `entries` SQEs and twice as many CQEs.
  public RawRing ring(int entries) {
    return ring(entries, 0);
  }

  /// A ring with setup flags.
  public RawRing ring(int entries, int flags) {
    return ring(entries, params -> params.flags(flags));
  }

  /// A ring whose CQ has `cqEntries`.
  public RawRing ringWithCq(int entries, int cqEntries, int flags) {
    return ring(
        entries, params -> params.flags(flags | IoUring.IORING_SETUP_CQSIZE).cqEntries(cqEntries));
  }

  /// A ring with any parameters.
  public RawRing ring(int entries, Consumer<RingParams> fill) {
    RawRing ring = openRing(entries, fill);
    rings.push(ring);
    return ring;
  }

  /// A ring that is the caller's to close.
  RawRing openRing(int entries, Consumer<RingParams> fill) {
    MemorySegment memory = memory((long) RingParams.SIZE);
    RingParams params = new RingParams().at(memory, 0);
    fill.accept(params);
    int fd = kernel.setup(entries, memory.address());
    if (fd < 0) throw new ErrnoException("io_uring_setup", -fd, "the case cannot begin");
    int prot = Kernel.PROT_READ | Kernel.PROT_WRITE;
    MemorySegment queues =
        kernel.map(fd, IoUring.IORING_OFF_SQ_RING, RingAreas.ringBytes(params), prot);
    MemorySegment sqes = kernel.map(fd, IoUring.IORING_OFF_SQES, RingAreas.sqeBytes(params), prot);
    return new RawRing(this, fd, params, queues, sqes);
  }

  /// io_uring_setup for its result alone: a ring that it makes is closed at once.
  ///
  /// @return 0 or `-errno`
  public int trySetup(int entries, Consumer<RingParams> fill) {
    MemorySegment memory = memory((long) RingParams.SIZE);
    fill.accept(new RingParams().at(memory, 0));
    int fd = kernel.setup(entries, memory.address());
    return fd < 0 ? fd : kernel.close(fd);
  }

  // ---- buffers

  /// A buffer ring in the application's memory, empty.
  public BufferGroup group(RawRing ring, int id, int entries) {
    return BufferGroup.register(this, ring, id, entries, 0, 0);
  }

  /// A buffer ring whose buffers are consumed bit by bit.
  ///
  /// @param minLeft a rest of fewer bytes is not used any more; 0 uses all
  public BufferGroup incrementalGroup(RawRing ring, int id, int entries, int minLeft) {
    return BufferGroup.register(this, ring, id, entries, IoUring.IOU_PBUF_RING_INC, minLeft);
  }

  /// A buffer ring in the kernel's memory, mapped.
  public BufferGroup mappedGroup(RawRing ring, int id, int entries) {
    return BufferGroup.registerMapped(this, ring, id, entries, 0);
  }

  // ---- memory

  /// Fresh zeroed memory of the kernel's, page-aligned.
  public MemorySegment memory(long bytes) {
    return map(bytes, Kernel.PROT_READ | Kernel.PROT_WRITE);
  }

  /// Memory that may only be read.
  public MemorySegment readOnlyMemory(long bytes) {
    return map(bytes, Kernel.PROT_READ);
  }

  private MemorySegment map(long bytes, int protection) {
    return map(-1, 0, bytes, protection);
  }

  /// A mapping that ends with the rig.
  public MemorySegment map(int fd, long offset, long bytes, int protection) {
    MemorySegment mapped = kernel.map(fd, offset, bytes, protection);
    closers.push(() -> kernel.unmap(mapped));
    return mapped;
  }

  /// Memory that holds `bytes`.
  public MemorySegment memory(byte... bytes) {
    MemorySegment memory = memory((long) bytes.length);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return memory;
  }

  /// One page that bad addresses follow.
  public MemorySegment pageBeforeHole() {
    return platform.host().pageBeforeHole();
  }

  // ---- descriptors

  /// The host, for what this class has no word for; descriptors it makes are the case's to [#own].
  public Host host() {
    return platform.host();
  }

  /// Closes `fd` with the rig; claims that it is one.
  ///
  /// @return `fd`
  public int own(String call, int fd) {
    if (fd < 0) throw new ErrnoException(call, -fd, "the case cannot begin");
    closers.push(() -> host().close(fd));
    return fd;
  }

  /// An eventfd, blocking.
  public int eventfd() {
    return own("eventfd", host().eventfd(0, 0));
  }

  /// A pipe.
  public Ends pipe() {
    return own(host().pipe());
  }

  /// A pair of `AF_UNIX` sockets.
  public Ends socketPair(int type) {
    return own(host().socketPair(type));
  }

  private Ends own(Ends ends) {
    own("pipe", ends.near());
    own("pipe", ends.far());
    return ends;
  }

  /// Opens a file by the seam's own call.
  public int open(String path, int flags) {
    return own("open " + path, kernel.open(path, flags));
  }

  /// Path of a temporary host file with this content.
  public String file(byte... content) {
    need(Need.HOST_FILES);
    try {
      Path path = Files.createTempFile("ringshot", null);
      closers.push(() -> delete(path));
      Files.write(path, content);
      return path.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes bytes, all of them.
  public void write(int fd, MemorySegment bytes) {
    Claim.result("write", (int) bytes.byteSize(), host().write(fd, bytes));
  }

  /// Writes `count` bytes of no interest.
  public void write(int fd, int count) {
    write(fd, memory((long) count));
  }

  /// Adds 1 to an eventfd.
  public void signal(int eventfd) {
    MemorySegment one = memory(8L);
    one.set(ValueLayout.JAVA_LONG, 0, 1);
    write(eventfd, one);
  }

  /// Reads what is there, or `-EAGAIN`.
  public int read(int fd, MemorySegment into) {
    return host().read(fd, into);
  }

  /// Whether `fd` has nothing to read.
  public boolean isEmpty(int fd) {
    return read(fd, memory(4096L)) == -Errno.EAGAIN;
  }

  // ---- the transcript

  void record(List<Completion> completions) {
    record.addAll(completions);
  }

  /// The CQEs that the case compared so far. Two kernels of one release must have the same.
  public List<Completion> transcript() {
    return List.copyOf(record);
  }

  /// Closes a device with the rig, after the rings.
  void ownDevice(Runnable close) {
    devices.add(close);
  }

  /// The disk of that name, as its users have it.
  public Disk disk(String name) {
    Disk disk = platform.disk(this, name);
    ownDevice(disk::close);
    return disk;
  }

  /// Ends what is left: rings first, then what devices still hold, then descriptors and memory,
  /// newest first.
  @Override
  public void close() {
    rings.forEach(RawRing::close);
    devices.reversed().forEach(Runnable::run);
    while (!closers.isEmpty()) closers.pop().run();
  }
}
