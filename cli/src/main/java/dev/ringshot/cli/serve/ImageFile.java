package dev.ringshot.cli.serve;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.HostFiles;
import dev.ringshot.nbd.Extent;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.ublk.target.FileOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The file that a disk is in, apart from its data path: whether it may be served, a lock so that
/// no two serve it, and where it has data.
final class ImageFile implements AutoCloseable {
  private final String path;
  private final HostFiles files;
  private final long offset;
  private final long size;
  private final ImageLock lock;
  private final int handle;

  private ImageFile(
      String path, HostFiles files, long offset, long size, ImageLock lock, int handle) {
    this.path = path;
    this.files = files;
    this.offset = offset;
    this.size = size;
    this.lock = lock;
    this.handle = handle;
  }

  /// What the command line says of it.
  ///
  /// @param create makes it
  /// @param size of the disk in bytes, or null
  record Wish(
      String path,
      boolean create,
      @Nullable Long size,
      long offset,
      boolean isDirect,
      boolean isReadOnly) {}

  /// Looks at the file, makes it if that is wished, and locks it.
  ///
  /// @throws ServeFailed if it is not as wished; says what to do
  static ImageFile open(Wish wish, HostFiles files) {
    Path path = Path.of(wish.path);
    try {
      long length = provide(path, wish);
      long size = wish.size != null ? wish.size : (length - wish.offset) & -512;
      if (size <= 0)
        throw new ServeFailed(
            "%s has %d bytes, and no disk behind offset %d".formatted(path, length, wish.offset));
      if (length < wish.offset + size)
        throw new ServeFailed(
            "%s has %d bytes, not %d: leave --size away, or give a new file with --create"
                .formatted(path, length, wish.offset + size));
      return open(path, wish, size, files);
    } catch (IOException e) {
      throw new ServeFailed(path + ": " + reason(e), e);
    }
  }

  /// @return its length in bytes
  private static long provide(Path path, Wish wish) throws IOException {
    if (Files.isDirectory(path)) throw new ServeFailed(path + " is a directory");
    if (wish.create) {
      if (wish.size == null) throw new ServeFailed("--create needs --size");
      create(path, wish.offset + wish.size);
    }
    if (!Files.exists(path))
      throw new ServeFailed(path + ": no such file; serve --create --size 256M makes it");
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      return file.size();
    }
  }

  private static void create(Path path, long length) throws IOException {
    if (Files.exists(path)) {
      if (Files.size(path) != length)
        throw new ServeFailed(
            "%s is there and has %d bytes, not %d: leave --create and --size away, or remove it"
                .formatted(path, Files.size(path), length));
      return;
    }
    Files.createFile(path);
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length); // sparse
    }
  }

  private static ImageFile open(Path path, Wish wish, long size, HostFiles files)
      throws IOException {
    ImageLock lock = ImageLock.take(path, wish.isReadOnly);
    int handle = files.open(path.toString(), Fcntl.O_RDONLY, 0);
    return new ImageFile(path.toString(), files, wish.offset, size, lock, handle);
  }

  static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.AccessDeniedException _ -> "permission denied";
      case java.nio.file.NoSuchFileException _ -> "its folder does not exist";
      default -> String.valueOf(e.getMessage());
    };
  }

  String path() {
    return path;
  }

  /// Bytes of the disk in it.
  long size() {
    return size;
  }

  FileOptions options(Wish wish) {
    return new FileOptions(offset, size, wish.isDirect, wish.isReadOnly, false);
  }

  /// Where it has data, as `SEEK_DATA` and `SEEK_HOLE` know it.
  ExtentSource extents() {
    return handle < 0 ? ExtentSource.ALL_DATA : this::extentAt;
  }

  private Extent extentAt(long at, long lengthMax) throws IOException {
    long from = offset + at;
    long data = files.seek(handle, from, Fcntl.SEEK_DATA);
    if (data == -Errno.ENXIO) return new Extent(lengthMax, Extent.Kind.HOLE); // to the end
    if (data == -Errno.EOPNOTSUPP || data == -Errno.EINVAL)
      return new Extent(lengthMax, Extent.Kind.DATA);
    if (data < 0) throw new IOException(path + ": lseek: " + Errno.describe((int) -data));
    if (data > from) return new Extent(Math.min(data - from, lengthMax), Extent.Kind.HOLE);
    long hole = files.seek(handle, from, Fcntl.SEEK_HOLE);
    long length = hole <= from ? lengthMax : Math.min(hole - from, lengthMax);
    return new Extent(length, Extent.Kind.DATA);
  }

  @Override
  public void close() {
    if (handle >= 0) files.close(handle);
    lock.close();
  }
}
