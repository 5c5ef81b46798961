package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.RsrcUpdate.DATA;
import static dev.ringshot.abi.RsrcUpdate.OFFSET;
import static dev.ringshot.abi.RsrcUpdate.RESV;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// IORING_REGISTER_RING_FDS: rings that a task enters by an index instead of a descriptor.
/// Arguments are arrays of `struct io_uring_rsrc_update`, 16 bytes each.
final class RegisteredRings {
  private static final int ENTRY_BYTES = 16;

  private RegisteredRings() {}

  /// @return how many of the entries were registered, or the error of the first
  static int register(ModelKernel kernel, Task task, long arg, int count) {
    if (count <= 0 || count > Task.REGISTERED_RINGS) return -EINVAL;
    for (int done = 0; done < count; done++) {
      int error = registerOne(kernel, task, arg + (long) done * ENTRY_BYTES);
      if (error < 0) return done > 0 ? done : error;
    }
    return count;
  }

  private static int registerOne(ModelKernel kernel, Task task, long address) {
    var entry = kernel.memory().read(address, ENTRY_BYTES);
    if (entry == null) return -EFAULT;
    if (entry.get(JAVA_INT, RESV) != 0) return -EINVAL;
    int wanted = entry.get(JAVA_INT, OFFSET);
    if (wanted != -1 && (wanted < 0 || wanted >= Task.REGISTERED_RINGS)) return -EINVAL;
    var file = kernel.files().hold((int) entry.get(JAVA_LONG, DATA));
    if (file == null) return -EBADF;
    int index = file.operations() instanceof RingContext ? freeIndex(task, wanted) : -EOPNOTSUPP;
    if (index >= 0) {
      entry.set(JAVA_INT, OFFSET, index);
      if (kernel.memory().copyTo(address, entry, 0, ENTRY_BYTES) == 0) {
        task.registeredRings[index] = file;
        return 0;
      }
      index = -EFAULT;
    }
    file.drop();
    return index;
  }

  private static int freeIndex(Task task, int wanted) {
    int first = wanted == -1 ? 0 : wanted;
    int end = wanted == -1 ? Task.REGISTERED_RINGS : wanted + 1;
    for (int index = first; index < end; index++)
      if (task.registeredRings[index] == null) return index;
    return -EBUSY;
  }

  /// @return how many of the entries were looked at, or the error of the first
  static int unregister(ModelKernel kernel, Task task, long arg, int count) {
    if (count <= 0 || count > Task.REGISTERED_RINGS) return -EINVAL;
    for (int done = 0; done < count; done++) {
      var entry = kernel.memory().read(arg + (long) done * ENTRY_BYTES, ENTRY_BYTES);
      int error = entry == null ? -EFAULT : 0;
      if (entry != null) {
        int index = entry.get(JAVA_INT, OFFSET);
        boolean bad = entry.get(JAVA_INT, RESV) != 0 || entry.get(JAVA_LONG, DATA) != 0;
        if (bad || index < 0 || index >= Task.REGISTERED_RINGS) error = -EINVAL;
        else drop(task, index);
      }
      if (error < 0) return done > 0 ? done : error;
    }
    return count;
  }

  private static void drop(Task task, int index) {
    var file = task.registeredRings[index];
    task.registeredRings[index] = null;
    if (file != null) file.drop();
  }
}
