package dev.ringshot.abi;

/// Constants of open(2), openat(2), lseek(2), fallocate(2) and the `AT_*` flags of path calls, from
/// `<linux/fcntl.h>`, `<linux/falloc.h>` and `<linux/fs.h>`.
///
/// Four open flags have other values on aarch64 than on x86-64: [#O_DIRECT], [#O_DIRECTORY],
/// [#O_NOFOLLOW] and [#O_LARGEFILE] are those of the machine that this runs on (`os.arch`), and
/// hence no compile-time constants.
public final class Fcntl {
  // ---- open(2)

  /// Open for reading only.
  public static final int O_RDONLY = 0;

  /// Open for writing only.
  public static final int O_WRONLY = 1;

  /// Open for reading and writing.
  public static final int O_RDWR = 2;

  /// The bits of the three above.
  public static final int O_ACCMODE = 03;

  /// Create the file if it is not there.
  public static final int O_CREAT = 0100;

  /// With `O_CREAT`: fail with `EEXIST` if the file is there.
  public static final int O_EXCL = 0200;

  /// Do not become the controlling terminal.
  public static final int O_NOCTTY = 0400;

  /// Cut the file to length 0.
  public static final int O_TRUNC = 01000;

  /// Write at the end, wherever the position is.
  public static final int O_APPEND = 02000;

  /// Answer `EAGAIN` where the call would block.
  public static final int O_NONBLOCK = 04000;

  /// Writes return when data is on the medium.
  public static final int O_DSYNC = 010000;

  /// Writes return when data and metadata are on the medium.
  public static final int O_SYNC = 04010000;

  /// Do not touch the time of access.
  public static final int O_NOATIME = 01000000;

  /// Close on execve(2).
  public static final int O_CLOEXEC = 02000000;

  /// A handle to a place in the tree, not to contents.
  public static final int O_PATH = 010000000;

  /// Past the page cache; addresses, offsets and lengths must be aligned.
  public static final int O_DIRECT = OpenFlags.HERE.direct();

  /// What 32-bit programs need for big files; the kernel reports it in F_GETFL.
  public static final int O_LARGEFILE = OpenFlags.HERE.largefile();

  /// Fail with `ENOTDIR` unless it is a directory.
  public static final int O_DIRECTORY = OpenFlags.HERE.directory();

  /// Fail with `ELOOP` if the last part is a symbolic link.
  public static final int O_NOFOLLOW = OpenFlags.HERE.nofollow();

  // ---- Paths relative to a directory, see openat(2) and statx(2)

  /// Instead of a directory: the working directory.
  public static final int AT_FDCWD = -100;

  /// Do not follow a symbolic link at the end.
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /// unlinkat(2): remove a directory.
  public static final int AT_REMOVEDIR = 0x200;

  /// linkat(2): follow a symbolic link.
  public static final int AT_SYMLINK_FOLLOW = 0x400;

  /// Do not trigger an automount at the end.
  public static final int AT_NO_AUTOMOUNT = 0x800;

  /// An empty path means the directory descriptor itself, which may be any file.
  public static final int AT_EMPTY_PATH = 0x1000;

  /// statx(2): ask the server of a remote file.
  public static final int AT_STATX_FORCE_SYNC = 0x2000;

  /// statx(2): what is cached will do.
  public static final int AT_STATX_DONT_SYNC = 0x4000;

  // ---- fallocate(2)

  /// Do not change the size of the file.
  public static final int FALLOC_FL_KEEP_SIZE = 1;

  /// Make a hole; needs `FALLOC_FL_KEEP_SIZE`.
  public static final int FALLOC_FL_PUNCH_HOLE = 2;

  /// Take a range out; what follows moves down.
  public static final int FALLOC_FL_COLLAPSE_RANGE = 1 << 3;

  /// Make a range read as zeros.
  public static final int FALLOC_FL_ZERO_RANGE = 1 << 4;

  /// Put a hole in; what follows moves up.
  public static final int FALLOC_FL_INSERT_RANGE = 1 << 5;

  /// Give a range its own copy of shared extents.
  public static final int FALLOC_FL_UNSHARE_RANGE = 1 << 6;

  // ---- pwritev2(2), and `rw_flags` of reads and writes

  /// The caller looks for the completion itself: for rings with `IORING_SETUP_IOPOLL`.
  public static final int RWF_HIPRI = 1;

  /// What is written is on stable storage when the call returns, as with `O_DSYNC`.
  public static final int RWF_DSYNC = 1 << 1;

  /// The same with what the system knows of the file, as with `O_SYNC`.
  public static final int RWF_SYNC = 1 << 2;

  /// Rather `EAGAIN` than wait.
  public static final int RWF_NOWAIT = 1 << 3;

  /// Write at the end, as with `O_APPEND`.
  public static final int RWF_APPEND = 1 << 4;

  // ---- lseek(2)

  /// From the start.
  public static final int SEEK_SET = 0;

  /// From the position.
  public static final int SEEK_CUR = 1;

  /// From the end.
  public static final int SEEK_END = 2;

  /// To the next data at or after the offset; `ENXIO` if there is none.
  public static final int SEEK_DATA = 3;

  /// To the next hole at or after the offset; the end of a file is one.
  public static final int SEEK_HOLE = 4;

  private Fcntl() {}
}
