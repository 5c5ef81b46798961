package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Probe;
import dev.ringshot.abi.Sqe;
import java.lang.foreign.MemorySegment;

/// io_uring_register(2).
final class RingRegister {
  private static final int PROBE_OPS_MAX = 256;

  private final ModelKernel kernel;
  private final RingContext ring;
  private final long arg;
  private final int count;

  private RingRegister(RingContext ring, long arg, int count) {
    this.kernel = ring.kernel();
    this.ring = ring;
    this.arg = arg;
    this.count = count;
  }

  static int register(ModelKernel kernel, Task task, int fd, int opcode, long arg, int count) {
    boolean registered = (opcode & IORING_REGISTER_USE_REGISTERED_RING) != 0;
    int what = opcode & ~IORING_REGISTER_USE_REGISTERED_RING;
    if (Integer.compareUnsigned(what, kernel.options().release().registerOpcodes()) >= 0)
      return -EINVAL;
    if (fd == -1) return withoutRing(kernel, what, arg, count);
    if (registered) {
      if (fd < 0 || fd >= Task.REGISTERED_RINGS) return -EINVAL;
      var file = task.registeredRings[fd];
      return file == null ? -EBADF : onRing(task, file, what, arg, count);
    }
    var file = kernel.files().hold(fd);
    if (file == null) return -EBADF;
    try {
      return onRing(task, file, what, arg, count);
    } finally {
      file.drop();
    }
  }

  /// As `io_uring_register_blind`.
  private static int withoutRing(ModelKernel kernel, int opcode, long arg, int count) {
    return switch (opcode) {
      case IORING_REGISTER_SEND_MSG_RING -> sendMessage(kernel, arg, count);
      case IORING_REGISTER_QUERY -> QueryRegister.run(kernel, arg, count);
      default -> -EINVAL;
    };
  }

  private static int onRing(Task task, OpenFile file, int opcode, long arg, int count) {
    if (!(file.operations() instanceof RingContext ring)) return -EOPNOTSUPP;
    if (ring.submitter() != null && ring.submitter() != task) return -EEXIST;
    var restrictions = ring.restrictions;
    if (restrictions != null && !ring.isDisabled() && !restrictions.admitsRegister(opcode))
      return -EACCES;
    if (opcode == IORING_REGISTER_RING_FDS)
      return RegisteredRings.register(ring.kernel(), task, arg, count);
    if (opcode == IORING_UNREGISTER_RING_FDS)
      return RegisteredRings.unregister(ring.kernel(), task, arg, count);
    if (opcode == IORING_REGISTER_SYNC_CANCEL) return SyncCancel.run(ring, task, arg, count);
    ring.lock();
    try {
      return new RingRegister(ring, arg, count).run(task, opcode);
    } finally {
      ring.afterTaskWork();
      ring.unlock();
    }
  }

  private int run(Task task, int opcode) {
    return switch (opcode) {
      case IORING_REGISTER_FILES -> FileRegistration.register(ring, arg, count);
      case IORING_UNREGISTER_FILES ->
          arg != 0 || count != 0 ? -EINVAL : ring.fixedFiles.unregister(ring);
      case IORING_REGISTER_FILES_UPDATE -> FileRegistration.update(ring, arg, count);
      case IORING_REGISTER_FILES2 -> FileRegistration.register2(ring, arg, count);
      case IORING_REGISTER_FILES_UPDATE2 -> FileRegistration.update2(ring, arg, count);
      case IORING_REGISTER_BUFFERS -> BufferTableRegistration.register(ring, arg, count);
      case IORING_UNREGISTER_BUFFERS ->
          arg != 0 || count != 0 ? -EINVAL : ring.buffers.unregister();
      case IORING_REGISTER_BUFFERS2 -> BufferTableRegistration.register2(ring, arg, count);
      case IORING_REGISTER_BUFFERS_UPDATE -> BufferTableRegistration.update(ring, arg, count);
      case IORING_REGISTER_EVENTFD -> registerEventFd(false);
      case IORING_REGISTER_EVENTFD_ASYNC -> registerEventFd(true);
      case IORING_UNREGISTER_EVENTFD -> unregisterEventFd();
      case IORING_REGISTER_PROBE -> probe();
      case IORING_REGISTER_ENABLE_RINGS -> enable(task);
      case IORING_REGISTER_RESTRICTIONS -> Restrictions.register(ring, arg, count);
      case IORING_REGISTER_PERSONALITY ->
          arg != 0 || count != 0 ? -EINVAL : ring.personalities.register();
      case IORING_UNREGISTER_PERSONALITY ->
          arg != 0 ? -EINVAL : ring.personalities.unregister(count);
      case IORING_REGISTER_FILE_ALLOC_RANGE -> FileRegistration.confine(ring, arg, count);
      case IORING_REGISTER_PBUF_RING -> BufferRegistration.register(ring, arg, count);
      case IORING_UNREGISTER_PBUF_RING -> BufferRegistration.unregister(ring, arg, count);
      case IORING_REGISTER_PBUF_STATUS -> BufferRegistration.status(ring, arg, count);
      case IORING_REGISTER_QUERY -> QueryRegister.run(kernel, arg, count);
      default -> -EINVAL;
    };
  }

  private int registerEventFd(boolean asyncOnly) {
    if (count != 1) return -EINVAL;
    var bytes = kernel.memory().read(arg, Integer.BYTES);
    if (bytes == null) return -EFAULT;
    if (ring.eventFd() != null) return -EBUSY;
    var file = kernel.files().hold(bytes.get(JAVA_INT, 0));
    if (file == null) return -EBADF;
    if (!(file.operations() instanceof EventFd)) {
      ring.dropLater(file);
      return -EINVAL;
    }
    ring.eventFd(file, asyncOnly);
    return 0;
  }

  private int unregisterEventFd() {
    if (arg != 0 || count != 0) return -EINVAL;
    var file = ring.eventFd();
    if (file == null) return -ENXIO;
    ring.eventFd(null, false);
    ring.dropLater(file);
    return 0;
  }

  private int probe() {
    if (arg == 0 || Integer.compareUnsigned(count, PROBE_OPS_MAX) > 0) return -EINVAL;
    var operations = kernel.operations();
    int answered = Math.min(count, operations.count());
    var bytes = kernel.memory().read(arg, Probe.SIZE + answered * Probe.OP_SIZE);
    if (bytes == null) return -EFAULT;
    if (bytes.mismatch(MemorySegment.ofArray(new byte[(int) bytes.byteSize()])) != -1)
      return -EINVAL;
    bytes.set(JAVA_BYTE, Probe.LAST_OP, (byte) (operations.count() - 1));
    bytes.set(JAVA_BYTE, Probe.OPS_LEN, (byte) answered);
    for (int opcode = 0; opcode < answered; opcode++) {
      long at = Probe.OPS + (long) opcode * Probe.OP_SIZE;
      bytes.set(JAVA_BYTE, at + Probe.OP, (byte) opcode);
      int flags = operations.get(opcode).supported() ? IO_URING_OP_SUPPORTED : 0;
      bytes.set(JAVA_SHORT, at + Probe.OP_FLAGS, (short) flags);
    }
    return kernel.memory().copyTo(arg, bytes, 0, bytes.byteSize());
  }

  private int enable(Task task) {
    if (arg != 0 || count != 0) return -EINVAL;
    if (!ring.isDisabled()) return -EBADFD;
    if (ring.has(IORING_SETUP_SINGLE_ISSUER) && ring.submitter() == null) ring.submitter(task);
    ring.enable();
    return 0;
  }

  /// IORING_REGISTER_SEND_MSG_RING: an SQE without a ring of its own.
  private static int sendMessage(ModelKernel kernel, long arg, int count) {
    if (arg == 0 || count != 1) return -EINVAL;
    var bytes = kernel.memory().read(arg, Sqe.SIZE);
    if (bytes == null) return -EFAULT;
    var message = RingMessage.decode(bytes);
    if (message.sqeFlags() != 0 || message.opcode() != IORING_OP_MSG_RING) return -EINVAL;
    int error = message.check();
    if (error != 0) return error;
    if (message.command() != IORING_MSG_DATA) return -EINVAL;
    var file = kernel.files().hold(message.targetFd());
    if (file == null) return -EBADF;
    try {
      return file.operations() instanceof RingContext target
          ? message.deliver(target, true)
          : -EBADFD;
    } finally {
      file.drop();
    }
  }
}
