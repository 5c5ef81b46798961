package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMFILE;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Kernel;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A kernel in plain Java: the same calls, bytes, errnos and orders of checks as Linux's io_uring,
/// on a [Scheduler]'s time.
///
/// It belongs to one program: one table of descriptors, one of mappings. With [Scheduler#real] any
/// number of threads may call it, each a task of its own; rings share no lock. With
/// [Scheduler#virtual] it is one thread's.
///
/// What a program passes never makes a call throw. A call throws only for a driver that breaks its
/// contract ([DriverContractException]) and for a wait that cannot end ([VirtualHangException]).
public final class ModelKernel implements Kernel, AutoCloseable {
  private static final int EFD_FLAGS = EventFd.EFD_SEMAPHORE | Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK;
  private static final int PIPE_FLAGS = Fcntl.O_CLOEXEC | Fcntl.O_NONBLOCK;
  private static final long PURE_POLL_NANOS = 1_000;

  private final Scheduler scheduler;
  private final ModelOptions options;
  private final Operations operations;
  private final UserMemory memory = new UserMemory();
  private final FileTable files = new FileTable();
  private final Network network;
  private final Map<String, FileOperations> devices = new ConcurrentHashMap<>();
  private final Tasks tasks = new Tasks(this);
  private volatile @Nullable DriverContractException failure;

  /// A kernel like Linux 7.3, with the host's files and no faults.
  public ModelKernel(Scheduler scheduler) {
    this(scheduler, ModelOptions.DEFAULT);
  }

  /// A kernel as `options` say.
  public ModelKernel(Scheduler scheduler, ModelOptions options) {
    this.scheduler = scheduler;
    this.options = options;
    this.operations = new Operations(options);
    this.network = new Network(scheduler);
    devices.put("/dev/null", new NullDevice());
    devices.put("/dev/zero", new ZeroDevice());
  }

  /// Adds a device file; it shadows the host's file of that path.
  ///
  /// @return this
  public ModelKernel device(String path, FileOperations driver) {
    devices.put(path, driver);
    return this;
  }

  /// The time it runs on.
  public Scheduler scheduler() {
    return scheduler;
  }

  /// What it is like.
  public ModelOptions options() {
    return options;
  }

  // ---- the seam

  @Override
  public int setup(int entries, long params) {
    var task = enterKernel();
    try {
      return RingSetup.setup(this, task, entries, params);
    } finally {
      task.leaveKernel();
    }
  }

  @Override
  public int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize) {
    var task = enterKernel();
    RingContext ring = null;
    try {
      if (toSubmit == 0 && minComplete == 0)
        scheduler.pass(PURE_POLL_NANOS); // or a program that only looks would stop time
      scheduler.runDue();
      int result = task.enterCall().run(fd, toSubmit, minComplete, flags, arg, argSize);
      ring = task.enterCall().ring();
      return result;
    } finally {
      task.leaveKernel();
      if (ring != null) ring.throwFailure();
    }
  }

  @Override
  public int register(int fd, int opcode, long arg, int argCount) {
    var task = enterKernel();
    try {
      return RingRegister.register(this, task, fd, opcode, arg, argCount);
    } finally {
      task.leaveKernel();
    }
  }

  @Override
  public int open(String path, int flags) {
    var task = enterKernel();
    try {
      return install(openFile(Fcntl.AT_FDCWD, path, flags, 0));
    } finally {
      task.leaveKernel();
    }
  }

  @Override
  public int close(int fd) {
    var task = enterKernel();
    int result;
    try {
      result = closeFile(fd);
    } finally {
      task.leaveKernel();
    }
    throwFailure();
    return result;
  }

  @Override
  public MemorySegment map(int fd, long offset, long length, int protection) {
    if (length <= 0 || UserMemory.pages(length) < 0) {
      throw new ErrnoException("mmap", EINVAL, "length must be > 0, not " + length);
    }
    boolean writable = (protection & PROT_WRITE) != 0;
    MemorySegment whole;
    if (fd == -1) {
      whole = UserMemory.allocate(length);
      var _ = memory.map(whole, writable, null);
    } else {
      whole = mapFile(fd, offset, length, protection);
    }
    var segment = whole.byteSize() > length ? whole.asSlice(0, length) : whole;
    return writable ? segment : segment.asReadOnly();
  }

  private MemorySegment mapFile(int fd, long offset, long length, int protection) {
    var file = files.hold(fd);
    if (file == null) throw new ErrnoException("mmap", EBADF, "no open file has descriptor " + fd);
    boolean mapped = false;
    try {
      if ((offset & (UserMemory.PAGE - 1)) != 0) {
        throw new ErrnoException(
            "mmap",
            EINVAL,
            "offset 0x" + Long.toHexString(offset) + " is not a multiple of the page size");
      }
      if ((protection & PROT_WRITE) != 0 && !file.isWritable()) {
        throw new ErrnoException("mmap", EACCES, file.path() + " is not open for writing");
      }
      var area = file.operations().map(file, offset, length, protection);
      var _ = memory.map(area, (protection & PROT_WRITE) != 0, file);
      mapped = true; // the mapping keeps the file
      return area;
    } finally {
      if (!mapped) file.drop();
    }
  }

  @Override
  public int unmap(MemorySegment mapping) {
    if (!mapping.isNative()) return -EINVAL;
    var task = enterKernel();
    try {
      var gone = memory.unmap(mapping.address());
      if (gone == null) return -EINVAL;
      if (gone.file != null) gone.file.drop();
    } finally {
      task.leaveKernel();
    }
    throwFailure();
    return 0;
  }

  // ---- system calls beside the seam

  /// eventfd2(2), for programs and tests that need one.
  ///
  /// @param flags `EFD_SEMAPHORE` (1), `EFD_NONBLOCK`, `EFD_CLOEXEC`
  /// @return a descriptor or `-errno`
  public int eventfd(int initial, int flags) {
    if ((flags & ~EFD_FLAGS) != 0) return -EINVAL;
    var events = new EventFd(Integer.toUnsignedLong(initial), (flags & EventFd.EFD_SEMAPHORE) != 0);
    return installed(new OpenFile(events, "[eventfd]", flags | Fcntl.O_RDWR));
  }

  /// pipe2(2).
  ///
  /// @param fds address of two descriptors (4 bytes each), filled in: read end, write end
  /// @param flags `O_NONBLOCK`, `O_CLOEXEC`
  /// @return 0 or `-errno`
  public int pipe(long fds, int flags) {
    if ((flags & ~PIPE_FLAGS) != 0) return -EINVAL;
    var pipe = new Pipe();
    var readEnd = new OpenFile(pipe.readEnd, "[pipe]", flags | Fcntl.O_RDONLY);
    var writeEnd = new OpenFile(pipe.writeEnd, "[pipe]", flags | Fcntl.O_WRONLY);
    return files.installBoth(readEnd, writeEnd, memory, fds);
  }

  /// socketpair(2) of `AF_UNIX`.
  ///
  /// @param type `SOCK_STREAM`, `SOCK_DGRAM` or `SOCK_SEQPACKET`, with `SOCK_NONBLOCK`,
  ///   `SOCK_CLOEXEC`
  /// @param fds address of two descriptors (4 bytes each), filled in
  /// @return 0 or `-errno`
  public int socketPair(int type, long fds) {
    return new SocketCalls(this).pair(type, fds);
  }

  /// The system calls on sockets that a program has beside the ring.
  public SocketCalls sockets() {
    return new SocketCalls(this);
  }

  Network network() {
    return network;
  }

  /// read(2), never waiting.
  ///
  /// @return bytes or `-errno`; `-EAGAIN` where Linux would block
  public int read(int fd, long address, int length) {
    return transfer(fd, address, length, true);
  }

  /// write(2), never waiting.
  ///
  /// @return bytes or `-errno`; `-EAGAIN` where Linux would block
  public int write(int fd, long address, int length) {
    return transfer(fd, address, length, false);
  }

  private int transfer(int fd, long address, int length, boolean reading) {
    var task = enterKernel();
    var file = files.hold(fd);
    try {
      if (file == null || !(reading ? file.isReadable() : file.isWritable())) return -EBADF;
      var transfer =
          new Transfer(memory)
              .range(address, length)
              .at(-1, !(file.operations() instanceof HostFile));
      return reading
          ? file.operations().read(file, transfer)
          : file.operations().write(file, transfer);
    } finally {
      if (file != null) file.drop();
      task.leaveKernel();
    }
  }

  /// dup(2).
  ///
  /// @return a descriptor or `-errno`
  public int dup(int fd) {
    var file = files.hold(fd);
    return file == null ? -EBADF : installed(file);
  }

  /// poll(2) of one descriptor, never waiting.
  ///
  /// @param events `POLLIN`, …
  /// @return those that are ready, with `POLLERR` and `POLLHUP`; or `-EBADF`
  public int poll(int fd, int events) {
    var task = enterKernel();
    try {
      var file = files.hold(fd);
      if (file == null) return -EBADF;
      int always = dev.ringshot.abi.Poll.POLLERR | dev.ringshot.abi.Poll.POLLHUP;
      int ready = file.operations().poll(file, PollTable.NONE) & (events | always);
      file.drop();
      return ready;
    } finally {
      task.leaveKernel();
    }
  }

  /// A command outside any ring, for a driver's own tests on a kernel without commands
  /// ([ModelOptions#commands] false): selecting a buffer answers `-EOPNOTSUPP`, posting
  /// [Shot#FINISHED].
  ///
  /// @throws IllegalStateException on a kernel with commands, where they come through rings
  public UringCmd commandWithoutRing(int op) {
    if (options.commands())
      throw new IllegalStateException("this kernel has commands: submit one to a ring");
    return RingSetup.strayCommand(this, currentTask(), op);
  }

  /// Ends everything the program still has: descriptors, mappings and with them rings. The
  /// scheduler is its owner's to close.
  @Override
  public void close() {
    var task = enterKernel();
    try {
      for (var file : memory.clear()) file.drop();
      for (var file : files.removeAll()) file.drop();
      for (var file : tasks.takeRegisteredRings()) file.drop();
    } finally {
      task.leaveKernel();
    }
    throwFailure();
  }

  // ---- for the engine

  /// Keeps a driver's bug that came up while its ring ended, for the call that ended it to throw.
  void fail(DriverContractException bug) {
    failure = bug;
  }

  private void throwFailure() {
    var bug = failure;
    if (bug == null) return;
    failure = null;
    throw bug;
  }

  UserMemory memory() {
    return memory;
  }

  FileTable files() {
    return files;
  }

  Operations operations() {
    return operations;
  }

  Task currentTask() {
    return tasks.current();
  }

  String seedNote() {
    return scheduler.isVirtual() ? ", seed " + Long.toUnsignedString(scheduler.seed()) : "";
  }

  /// Opens a path: a device of this kernel's, or a file of the host's.
  Opened openFile(int dirFd, String path, int flags, int mode) {
    var device = devices.get(path);
    if (device == null) return HostOpen.open(this, dirFd, path, flags, mode);
    var file = new OpenFile(device, path, flags);
    int error = device.open(file);
    return error < 0 ? new Opened(null, error) : new Opened(file, 0);
  }

  /// What opening a path came to: a file, or `-errno`.
  record Opened(@Nullable OpenFile file, int error) {}

  int install(Opened opened) {
    return opened.file == null ? opened.error : installed(opened.file);
  }

  private int installed(OpenFile file) {
    int fd = files.install(file);
    if (fd == -EMFILE) file.drop();
    return fd;
  }

  int closeFile(int fd) {
    var file = files.remove(fd);
    if (file == null) return -EBADF;
    file.drop();
    return 0;
  }

  private Task enterKernel() {
    var task = tasks.current();
    task.enterKernel();
    return task;
  }
}
