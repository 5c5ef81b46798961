package dev.ringshot.cli.serve;

import dev.ringshot.ublk.target.TargetSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Locks on images, so that no two servers have one that is written: fcntl(2)'s, of this process
/// and gone with it, shared among those that only read.
final class ImageLock implements AutoCloseable {
  /// `1: POSIX ADVISORY WRITE 4711 08:01:131073 0 EOF`, proc_locks(5).
  private static final Path LOCKS = Path.of("/proc/locks");

  private final List<FileChannel> channels = new ArrayList<>();

  private ImageLock() {}

  /// Locks an image.
  ///
  /// @throws ServeFailed if somebody else has it; says who, if that can be known
  static ImageLock take(Path path, boolean isReadOnly) throws IOException {
    var lock = new ImageLock();
    lock.add(path, isReadOnly);
    return lock;
  }

  /// Locks what a target is made of: the files that are there.
  ///
  /// @throws ServeFailed as [#take]
  static ImageLock of(TargetSpec target, boolean isReadOnly) {
    var lock = new ImageLock();
    for (String name : target.files()) {
      try {
        boolean isShared = isReadOnly || target.words().contains("readonly");
        if (!isShared && target.words().contains("create")) create(Path.of(name));
        lock.add(Path.of(name), isShared);
      } catch (NoSuchFileException e) {
        // the target says so
      } catch (IOException e) {
        lock.close();
        throw new ServeFailed(name + ": " + ImageFile.reason(e), e);
      }
    }
    return lock;
  }

  /// As the target would, that there is something to lock.
  private static void create(Path path) throws IOException {
    FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
  }

  private void add(Path path, boolean isShared) throws IOException {
    Set<StandardOpenOption> options =
        isShared
            ? Set.of(StandardOpenOption.READ)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileChannel channel = FileChannel.open(path, options);
    channels.add(channel);
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, isShared) != null) return;
    } catch (OverlappingFileLockException _) {
      close();
      throw new ServeFailed(path + " is being served already by this process");
    }
    String holder = holder(path).map(pid -> " by process " + pid).orElse("");
    close();
    throw new ServeFailed(path + " is being served already" + holder + ": stop that first");
  }

  /// Who has a lock on it, as far as Linux tells.
  private static Optional<String> holder(Path path) {
    try {
      long device = (Long) Files.getAttribute(path, "unix:dev");
      String file =
          "%02x:%02x:%s"
              .formatted(
                  (device >> 8 & 0xfff) | (device >> 32 & ~0xfffL),
                  (device & 0xff) | (device >> 12 & ~0xffL),
                  Files.getAttribute(path, "unix:ino"));
      for (String line : Files.readAllLines(LOCKS)) {
        String[] words = line.strip().split(" +", -1);
        boolean isHeld = words.length == 8 && words[1].equals("POSIX");
        if (isHeld && words[5].equals(file)) return Optional.of(words[4]);
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // the lock is no less a lock
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close(); // and the lock with it
      } catch (IOException e) {
        throw new ServeFailed("closing an image: " + e.getMessage(), e);
      }
    }
    channels.clear();
  }
}
