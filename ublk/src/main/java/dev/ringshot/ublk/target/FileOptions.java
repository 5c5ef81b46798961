package dev.ringshot.ublk.target;

/// How a [FileTarget] uses its file.
///
/// @param offset where in the file the disk begins, in bytes, a multiple of 4096
/// @param size bytes of the disk; 0 for up to the file's end
/// @param isDirect past the page cache, `O_DIRECT`
/// @param isReadOnly opened for reading only
/// @param create makes the file if it is not there, and as long as the disk wants; needs a size
public record FileOptions(
    long offset, long size, boolean isDirect, boolean isReadOnly, boolean create) {
  /// All of a file, through the page cache, to read and write.
  public static final FileOptions DEFAULT = new FileOptions(0, 0, false, false, false);

  /// Checks the numbers.
  public FileOptions {
    if (offset < 0 || offset % 4096 != 0 || size < 0 || size % 512 != 0) {
      throw new IllegalArgumentException("bad offset " + offset + " or size " + size);
    }
    if (create && (size == 0 || isReadOnly)) {
      throw new IllegalArgumentException("to create a file, give a size, and not read-only");
    }
  }
}
