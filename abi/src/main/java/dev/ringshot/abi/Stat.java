package dev.ringshot.abi;

/// File status: `struct statx` (256 bytes) and its masks, and the file types and permissions of
/// `stx_mode`, from `<linux/stat.h>`; see statx(2) and inode(7).
///
/// | offset | size | field |
/// |---|---|---|
/// | 0 | 4 | `stx_mask`: the `STATX_*` that are filled in |
/// | 4 | 4 | `stx_blksize`: bytes, good size for I/O |
/// | 8 | 8 | `stx_attributes` |
/// | 16 | 4 | `stx_nlink` |
/// | 20 | 4 | `stx_uid` |
/// | 24 | 4 | `stx_gid` |
/// | 28 | 2 | `stx_mode`: type and permissions |
/// | 32 | 8 | `stx_ino` |
/// | 40 | 8 | `stx_size`: bytes |
/// | 48 | 8 | `stx_blocks`: units of 512 bytes |
/// | 56 | 8 | `stx_attributes_mask` |
/// | 64 | 16 | `stx_atime`; each time is seconds (8 bytes), nanoseconds (4), reserved (4) |
/// | 80 | 16 | `stx_btime` |
/// | 96 | 16 | `stx_ctime` |
/// | 112 | 16 | `stx_mtime` |
/// | 128 | 4+4 | `stx_rdev_major`, `stx_rdev_minor` |
/// | 136 | 4+4 | `stx_dev_major`, `stx_dev_minor` |
/// | 144 | 8 | `stx_mnt_id` |
/// | 152 | 4+4 | `stx_dio_mem_align`, `stx_dio_offset_align` |
/// | 160 | 8 | `stx_subvol` |
/// | 168 | 4+4+4 | `stx_atomic_write_unit_min`, `_unit_max`, `_segments_max` |
/// | 180 | 4 | `stx_dio_read_offset_align` |
/// | 184 | 4 | `stx_atomic_write_unit_max_opt` |
public final class Stat {
  // ---- `stx_mode`: the type

  /// The bits of the type.
  public static final int S_IFMT = 0170000;

  /// A socket.
  public static final int S_IFSOCK = 0140000;

  /// A symbolic link.
  public static final int S_IFLNK = 0120000;

  /// A regular file.
  public static final int S_IFREG = 0100000;

  /// A block device.
  public static final int S_IFBLK = 060000;

  /// A directory.
  public static final int S_IFDIR = 040000;

  /// A character device.
  public static final int S_IFCHR = 020000;

  /// A pipe.
  public static final int S_IFIFO = 010000;

  // ---- `mask` of statx(2), and `stx_mask`

  /// The type in `stx_mode`.
  public static final int STATX_TYPE = 1;

  /// The permissions in `stx_mode`.
  public static final int STATX_MODE = 2;

  /// `stx_nlink`.
  public static final int STATX_NLINK = 1 << 2;

  /// `stx_uid`.
  public static final int STATX_UID = 1 << 3;

  /// `stx_gid`.
  public static final int STATX_GID = 1 << 4;

  /// `stx_atime`.
  public static final int STATX_ATIME = 1 << 5;

  /// `stx_mtime`.
  public static final int STATX_MTIME = 1 << 6;

  /// `stx_ctime`.
  public static final int STATX_CTIME = 1 << 7;

  /// `stx_ino`.
  public static final int STATX_INO = 1 << 8;

  /// `stx_size`.
  public static final int STATX_SIZE = 1 << 9;

  /// `stx_blocks`.
  public static final int STATX_BLOCKS = 1 << 10;

  /// All of the above: what stat(2) tells.
  public static final int STATX_BASIC_STATS = 0x7ff;

  /// `stx_btime`.
  public static final int STATX_BTIME = 1 << 11;

  /// `stx_mnt_id`.
  public static final int STATX_MNT_ID = 1 << 12;

  /// `stx_dio_mem_align` and `stx_dio_offset_align`.
  public static final int STATX_DIOALIGN = 1 << 13;

  /// `stx_mnt_id`, an identifier that is never used again.
  public static final int STATX_MNT_ID_UNIQUE = 1 << 14;

  /// `stx_subvol`.
  public static final int STATX_SUBVOL = 1 << 15;

  /// The `stx_atomic_write_*`.
  public static final int STATX_WRITE_ATOMIC = 1 << 16;

  /// `stx_dio_read_offset_align`.
  public static final int STATX_DIO_READ_ALIGN = 1 << 17;

  /// Offset of `stx_mask` in `struct statx`.
  public static final int STX_MASK = 0;

  /// Offset of `stx_blksize` in `struct statx`.
  public static final int STX_BLKSIZE = 4;

  /// Offset of `stx_attributes` in `struct statx`.
  public static final int STX_ATTRIBUTES = 8;

  /// Offset of `stx_nlink` in `struct statx`.
  public static final int STX_NLINK = 16;

  /// Offset of `stx_uid` in `struct statx`.
  public static final int STX_UID = 20;

  /// Offset of `stx_gid` in `struct statx`.
  public static final int STX_GID = 24;

  /// Offset of `stx_mode` in `struct statx`.
  public static final int STX_MODE = 28;

  /// Offset of `stx_ino` in `struct statx`.
  public static final int STX_INO = 32;

  /// Offset of `stx_size` in `struct statx`.
  public static final int STX_SIZE = 40;

  /// Offset of `stx_blocks` in `struct statx`.
  public static final int STX_BLOCKS = 48;

  /// Offset of `stx_attributes_mask` in `struct statx`.
  public static final int STX_ATTRIBUTES_MASK = 56;

  /// Offset of `stx_atime` in `struct statx`.
  public static final int STX_ATIME = 64;

  /// Offset of `stx_btime` in `struct statx`.
  public static final int STX_BTIME = 80;

  /// Offset of `stx_ctime` in `struct statx`.
  public static final int STX_CTIME = 96;

  /// Offset of `stx_mtime` in `struct statx`.
  public static final int STX_MTIME = 112;

  /// Offset of `stx_rdev_major` in `struct statx`.
  public static final int STX_RDEV_MAJOR = 128;

  /// Offset of `stx_rdev_minor` in `struct statx`.
  public static final int STX_RDEV_MINOR = 132;

  /// Offset of `stx_dev_major` in `struct statx`.
  public static final int STX_DEV_MAJOR = 136;

  /// Offset of `stx_dev_minor` in `struct statx`.
  public static final int STX_DEV_MINOR = 140;

  /// Offset of `stx_mnt_id` in `struct statx`.
  public static final int STX_MNT_ID = 144;

  /// Offset of `stx_dio_mem_align` in `struct statx`.
  public static final int STX_DIO_MEM_ALIGN = 152;

  /// Offset of `stx_dio_offset_align` in `struct statx`.
  public static final int STX_DIO_OFFSET_ALIGN = 156;

  /// Offset of `stx_subvol` in `struct statx`.
  public static final int STX_SUBVOL = 160;

  /// Offset of `stx_atomic_write_unit_min` in `struct statx`.
  public static final int STX_ATOMIC_WRITE_UNIT_MIN = 168;

  /// Offset of `stx_atomic_write_unit_max` in `struct statx`.
  public static final int STX_ATOMIC_WRITE_UNIT_MAX = 172;

  /// Offset of `stx_atomic_write_segments_max` in `struct statx`.
  public static final int STX_ATOMIC_WRITE_SEGMENTS_MAX = 176;

  /// Offset of `stx_dio_read_offset_align` in `struct statx`.
  public static final int STX_DIO_READ_OFFSET_ALIGN = 180;

  /// Offset of `stx_atomic_write_unit_max_opt` in `struct statx`.
  public static final int STX_ATOMIC_WRITE_UNIT_MAX_OPT = 184;

  /// Size of `struct statx` in bytes.
  public static final int SIZE = 256;

  private Stat() {}
}
