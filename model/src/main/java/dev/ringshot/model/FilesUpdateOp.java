package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.IoUring.IORING_FILE_INDEX_ALLOC;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/// IORING_OP_FILES_UPDATE: as IORING_REGISTER_FILES_UPDATE, or into slots that the kernel chooses.
final class FilesUpdateOp implements Operation {
  @Override
  public int prep(Request request) {
    if (request.isFixedFile() || request.opFlags() != 0 || request.fileIndex() != 0) return -EINVAL;
    return request.len() == 0 ? -EINVAL : 0;
  }

  @Override
  public int issue(Request request, boolean mayBlock) {
    var ring = request.ring();
    int first = (int) request.off();
    if (first == IORING_FILE_INDEX_ALLOC)
      return request.complete(allocate(ring, request.addr(), request.len()));
    return request.complete(FileRegistration.update(ring, first, request.addr(), request.len()));
  }

  /// Each slot that is chosen takes the place of its descriptor.
  ///
  /// @return how many, or the error of the first
  private static int allocate(RingContext ring, long descriptors, int count) {
    if (!ring.fixedFiles.isRegistered()) return -ENXIO;
    for (int done = 0; done != count; done++) {
      int error = allocateOne(ring, descriptors + 4L * done);
      if (error < 0) return done > 0 ? done : error;
    }
    return count;
  }

  private static int allocateOne(RingContext ring, long address) {
    var memory = ring.kernel().memory();
    var descriptor = memory.read(address, Integer.BYTES);
    if (descriptor == null) return -EFAULT;
    var file = ring.kernel().files().hold(descriptor.get(JAVA_INT, 0));
    if (file == null) return -EBADF;
    int slot = ring.fixedFiles.install(ring, IORING_FILE_INDEX_ALLOC, file);
    if (slot < 0) return slot;
    var answer = MemorySegment.ofArray(new int[] {slot});
    if (memory.copyTo(address, answer, 0, Integer.BYTES) == 0) return 0;
    var _ = ring.fixedFiles.remove(ring, slot);
    return -EFAULT;
  }
}
