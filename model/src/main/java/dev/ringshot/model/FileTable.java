package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EMFILE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The program's descriptors. Look-ups take no lock.
final class FileTable {
  private static final int FIRST = 3; // 0 to 2 are the program's standard streams
  private static final int DESCRIPTORS_MAX = 1 << 20;

  private volatile AtomicReferenceArray<@Nullable OpenFile> files = new AtomicReferenceArray<>(64);
  private int firstFree = FIRST;

  /// The file behind `fd` with a reference taken, or null. The caller drops it.
  @Nullable OpenFile hold(int fd) {
    var now = files;
    if (fd < 0 || fd >= now.length()) return null;
    var file = now.get(fd);
    return file != null && file.tryHold() ? file : null;
  }

  /// Gives `file`, with the caller's reference, the lowest free descriptor.
  ///
  /// @return the descriptor, or `-EMFILE`; then the reference is still the caller's
  synchronized int install(OpenFile file) {
    int fd = firstFree;
    while (fd < files.length() && files.get(fd) != null) fd++;
    if (fd >= DESCRIPTORS_MAX) return -EMFILE;
    if (fd >= files.length()) grow();
    files.set(fd, file);
    firstFree = fd + 1;
    return fd;
  }

  /// Gives both files, with the caller's references, descriptors and tells the program which, or
  /// drops both.
  ///
  /// @param fds address of two descriptors (4 bytes each)
  /// @return 0 or `-errno`
  int installBoth(OpenFile first, OpenFile second, UserMemory memory, long fds) {
    int one = install(first);
    int two = install(second);
    var numbers = MemorySegment.ofArray(new int[] {one, two});
    int error = Math.min(one, two);
    if (error >= 0) error = memory.copyTo(fds, numbers, 0, numbers.byteSize());
    if (error == 0) return 0;
    if (one >= 0) remove(one);
    if (two >= 0) remove(two);
    first.drop();
    second.drop();
    return error;
  }

  /// Takes `fd` away.
  ///
  /// @return its file with the descriptor's reference, now the caller's; or null
  synchronized @Nullable OpenFile remove(int fd) {
    if (fd < 0 || fd >= files.length()) return null;
    var file = files.getAndSet(fd, null);
    if (file != null) firstFree = Math.min(firstFree, fd);
    return file;
  }

  /// Takes every descriptor away.
  synchronized OpenFile[] removeAll() {
    var all = new OpenFile[files.length()];
    int count = 0;
    for (int fd = 0; fd < files.length(); fd++) {
      var file = files.getAndSet(fd, null);
      if (file != null) all[count++] = file;
    }
    firstFree = FIRST;
    return Arrays.copyOf(all, count);
  }

  private void grow() {
    var now = files;
    var next = new AtomicReferenceArray<@Nullable OpenFile>(now.length() * 2);
    for (int fd = 0; fd < now.length(); fd++) next.set(fd, now.get(fd));
    files = next;
  }
}
