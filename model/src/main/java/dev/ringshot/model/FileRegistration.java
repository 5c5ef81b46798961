package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMFILE;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.Errno.EOVERFLOW;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_FILES_SKIP;
import static dev.ringshot.abi.IoUring.IORING_RSRC_REGISTER_SPARSE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.FileIndexRange;
import dev.ringshot.abi.FilesUpdate;
import dev.ringshot.abi.RsrcRegister;
import dev.ringshot.abi.RsrcUpdate;
import org.jspecify.annotations.Nullable;

/// Registering files and changing what is registered.
final class FileRegistration {
  private static final int FILES_MAX = 1 << 20;

  private FileRegistration() {}

  /// IORING_REGISTER_FILES: `arg` is an array of descriptors, -1 for an empty slot.
  static int register(RingContext ring, long arg, int count) {
    if (arg == 0) return -EFAULT; // FILES2 takes it for a table of empty slots
    return register(ring, arg, count, 0);
  }

  /// IORING_REGISTER_FILES2: `arg` is a `struct io_uring_rsrc_register`.
  static int register2(RingContext ring, long arg, int size) {
    if (size != RsrcRegister.SIZE) return -EINVAL;
    var reg = ring.kernel().memory().read(arg, RsrcRegister.SIZE);
    if (reg == null) return -EFAULT;
    int flags = reg.get(JAVA_INT, RsrcRegister.FLAGS);
    int count = reg.get(JAVA_INT, RsrcRegister.NR);
    if (count == 0 || reg.get(JAVA_LONG, RsrcRegister.RESV2) != 0) return -EINVAL;
    if ((flags & ~IORING_RSRC_REGISTER_SPARSE) != 0) return -EINVAL;
    long data = reg.get(JAVA_LONG, RsrcRegister.DATA);
    boolean sparse = (flags & IORING_RSRC_REGISTER_SPARSE) != 0;
    if (sparse && data != 0) return -EINVAL;
    return register(ring, sparse ? 0 : data, count, reg.get(JAVA_LONG, RsrcRegister.TAGS));
  }

  private static int register(RingContext ring, long descriptors, int count, long tags) {
    if (ring.fixedFiles.isRegistered()) return -EBUSY;
    if (count == 0) return -EINVAL;
    if (Integer.compareUnsigned(count, FILES_MAX) > 0) return -EMFILE;
    var files = new @Nullable OpenFile[count];
    for (int index = 0; index < count; index++) {
      int error = descriptors == 0 ? 0 : resolve(ring, files, index, descriptors, tags);
      if (error == 0) continue;
      for (var file : files) if (file != null) ring.dropLater(file);
      return error;
    }
    ring.fixedFiles.register(files);
    return 0;
  }

  private static int resolve(
      RingContext ring, @Nullable OpenFile[] files, int index, long descriptors, long tags) {
    var memory = ring.kernel().memory();
    var descriptor = memory.read(descriptors + 4L * index, Integer.BYTES);
    if (descriptor == null) return -EFAULT;
    if (tags != 0) {
      var tag = memory.read(tags + 8L * index, Long.BYTES);
      if (tag == null) return -EFAULT;
      if (tag.get(JAVA_LONG, 0) != 0) return -EINVAL; // tagged resources are not modelled
    }
    int fd = descriptor.get(JAVA_INT, 0);
    if (fd == -1) return 0;
    var file = ring.kernel().files().hold(fd);
    if (file == null) return -EBADF;
    if (file.operations() instanceof RingContext) {
      ring.dropLater(file);
      return -EBADF;
    }
    files[index] = file;
    return 0;
  }

  /// IORING_REGISTER_FILE_ALLOC_RANGE: `arg` is a `struct io_uring_file_index_range`.
  static int confine(RingContext ring, long arg, int count) {
    if (arg == 0 || count != 0) return -EINVAL;
    var range = ring.kernel().memory().read(arg, FileIndexRange.SIZE);
    if (range == null) return -EFAULT;
    int start = range.get(JAVA_INT, FileIndexRange.OFF);
    int length = range.get(JAVA_INT, FileIndexRange.LEN);
    if (Integer.compareUnsigned(start + length, start) < 0) return -EOVERFLOW;
    if (range.get(JAVA_LONG, FileIndexRange.RESV) != 0) return -EINVAL;
    return ring.fixedFiles.confine(start, length);
  }

  /// IORING_REGISTER_FILES_UPDATE: `arg` is a `struct io_uring_files_update`.
  static int update(RingContext ring, long arg, int count) {
    if (count == 0) return -EINVAL;
    var update = ring.kernel().memory().read(arg, FilesUpdate.SIZE);
    if (update == null) return -EFAULT;
    if (update.get(JAVA_INT, FilesUpdate.RESV) != 0) return -EINVAL;
    return update(
        ring,
        update.get(JAVA_INT, FilesUpdate.OFFSET),
        update.get(JAVA_LONG, FilesUpdate.FDS),
        count);
  }

  /// IORING_REGISTER_FILES_UPDATE2: `arg` is a `struct io_uring_rsrc_update2`.
  static int update2(RingContext ring, long arg, int size) {
    if (size != RsrcUpdate.SIZE) return -EINVAL;
    var update = ring.kernel().memory().read(arg, RsrcUpdate.SIZE);
    if (update == null) return -EFAULT;
    int count = update.get(JAVA_INT, RsrcUpdate.NR);
    if (count == 0
        || update.get(JAVA_INT, RsrcUpdate.RESV) != 0
        || update.get(JAVA_INT, RsrcUpdate.RESV2) != 0) return -EINVAL;
    if (update.get(JAVA_LONG, RsrcUpdate.TAGS) != 0)
      return -EINVAL; // tagged resources are not modelled
    return update(
        ring,
        update.get(JAVA_INT, RsrcUpdate.OFFSET),
        update.get(JAVA_LONG, RsrcUpdate.DATA),
        count);
  }

  /// @return how many slots were done, or the error of the first
  static int update(RingContext ring, int offset, long descriptors, int count) {
    long end = Integer.toUnsignedLong(offset) + Integer.toUnsignedLong(count);
    if (end > 0xffff_ffffL) return -EOVERFLOW;
    if (!ring.fixedFiles.isRegistered()) return -ENXIO;
    if (end > ring.fixedFiles.size()) return -EINVAL;
    for (int done = 0; done < count; done++) { // not negative: it fits the table
      int error = updateOne(ring, offset + done, descriptors + 4L * done);
      if (error != 0) return done > 0 ? done : error;
    }
    return count;
  }

  private static int updateOne(RingContext ring, int index, long address) {
    var descriptor = ring.kernel().memory().read(address, Integer.BYTES);
    if (descriptor == null) return -EFAULT;
    int fd = descriptor.get(JAVA_INT, 0);
    if (fd == IORING_REGISTER_FILES_SKIP) return 0;
    var _ = ring.fixedFiles.set(ring, index, null);
    if (fd == -1) return 0;
    var file = ring.kernel().files().hold(fd);
    if (file == null) return -EBADF;
    if (file.operations() instanceof RingContext) {
      ring.dropLater(file);
      return -EBADF;
    }
    var _ = ring.fixedFiles.set(ring, index, file);
    return 0;
  }
}
