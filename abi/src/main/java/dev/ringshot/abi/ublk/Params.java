package dev.ringshot.abi.ublk;

/// `struct ublk_params`: the device's parameters, set before it starts by `UBLK_U_CMD_SET_PARAMS`.
/// A sector is 512 bytes.
///
/// The parts are `basic` at 8, `discard` at 40, `devt` at 60, `zoned` at 76, `dma` at 108, `seg` at
/// 120, `integrity` at 136.
public final class Params {
  /// Offset of `len` (4 bytes): bytes of this structure that are used.
  public static final int LEN = 0;

  /// Offset of `types` (4 bytes): `UBLK_PARAM_TYPE_*`, the parts that are there.
  public static final int TYPES = 4;

  /// Offset of `basic.attrs` (4 bytes): `UBLK_ATTR_*`.
  public static final int BASIC_ATTRS = 8;

  /// Offset of `basic.logical_bs_shift` (1 byte): logical block size, as a power of two.
  public static final int BASIC_LOGICAL_BS_SHIFT = 12;

  /// Offset of `basic.physical_bs_shift` (1 byte): physical block size, as a power of two.
  public static final int BASIC_PHYSICAL_BS_SHIFT = 13;

  /// Offset of `basic.io_opt_shift` (1 byte): best size of a request, as a power of two.
  public static final int BASIC_IO_OPT_SHIFT = 14;

  /// Offset of `basic.io_min_shift` (1 byte): least good size of a request, as a power of two.
  public static final int BASIC_IO_MIN_SHIFT = 15;

  /// Offset of `basic.max_sectors` (4 bytes): largest request, in sectors.
  public static final int BASIC_MAX_SECTORS = 16;

  /// Offset of `basic.chunk_sectors` (4 bytes): no request crosses a multiple of it, in sectors; 0
  /// for none.
  public static final int BASIC_CHUNK_SECTORS = 20;

  /// Offset of `basic.dev_sectors` (8 bytes): size of the device, in sectors.
  public static final int BASIC_DEV_SECTORS = 24;

  /// Offset of `basic.virt_boundary_mask` (8 bytes): where a gap in memory ends a request.
  public static final int BASIC_VIRT_BOUNDARY_MASK = 32;

  /// Offset of `discard.discard_alignment` (4 bytes): of the device's start, in bytes.
  public static final int DISCARD_DISCARD_ALIGNMENT = 40;

  /// Offset of `discard.discard_granularity` (4 bytes): unit of discards, in bytes.
  public static final int DISCARD_DISCARD_GRANULARITY = 44;

  /// Offset of `discard.max_discard_sectors` (4 bytes): largest discard, in sectors.
  public static final int DISCARD_MAX_DISCARD_SECTORS = 48;

  /// Offset of `discard.max_write_zeroes_sectors` (4 bytes): largest write of zeros, in sectors.
  public static final int DISCARD_MAX_WRITE_ZEROES_SECTORS = 52;

  /// Offset of `discard.max_discard_segments` (2 bytes): ranges of a discard.
  public static final int DISCARD_MAX_DISCARD_SEGMENTS = 56;

  /// Offset of `discard.reserved0` (2 bytes): zero.
  public static final int DISCARD_RESERVED0 = 58;

  /// Offset of `devt.char_major` (4 bytes), out: of `/dev/ublkcN`.
  public static final int DEVT_CHAR_MAJOR = 60;

  /// Offset of `devt.char_minor` (4 bytes), out: of `/dev/ublkcN`.
  public static final int DEVT_CHAR_MINOR = 64;

  /// Offset of `devt.disk_major` (4 bytes), out: of `/dev/ublkbN`.
  public static final int DEVT_DISK_MAJOR = 68;

  /// Offset of `devt.disk_minor` (4 bytes), out: of `/dev/ublkbN`.
  public static final int DEVT_DISK_MINOR = 72;

  /// Offset of `zoned.max_open_zones` (4 bytes): open at a time.
  public static final int ZONED_MAX_OPEN_ZONES = 76;

  /// Offset of `zoned.max_active_zones` (4 bytes): active at a time.
  public static final int ZONED_MAX_ACTIVE_ZONES = 80;

  /// Offset of `zoned.max_zone_append_sectors` (4 bytes): largest append, in sectors.
  public static final int ZONED_MAX_ZONE_APPEND_SECTORS = 84;

  /// Offset of `zoned.reserved` (20 bytes): zeros.
  public static final int ZONED_RESERVED = 88;

  /// Offset of `dma.alignment` (4 bytes): mask of memory addresses, in bytes minus one.
  public static final int DMA_ALIGNMENT = 108;

  /// Offset of `dma.pad` (4 bytes): zeros.
  public static final int DMA_PAD = 112;

  /// Offset of `seg.seg_boundary_mask` (8 bytes): no segment crosses it.
  public static final int SEG_SEG_BOUNDARY_MASK = 120;

  /// Offset of `seg.max_segment_size` (4 bytes): in bytes.
  public static final int SEG_MAX_SEGMENT_SIZE = 128;

  /// Offset of `seg.max_segments` (2 bytes): of a request.
  public static final int SEG_MAX_SEGMENTS = 132;

  /// Offset of `seg.pad` (2 bytes): zeros.
  public static final int SEG_PAD = 134;

  /// Offset of `integrity.flags` (4 bytes): `LBMD_PI_CAP_*` of `<linux/fs.h>`.
  public static final int INTEGRITY_FLAGS = 136;

  /// Offset of `integrity.max_integrity_segments` (2 bytes): of a request; 0 for no limit.
  public static final int INTEGRITY_MAX_INTEGRITY_SEGMENTS = 140;

  /// Offset of `integrity.interval_exp` (1 byte): bytes that one tuple protects, as a power of two.
  public static final int INTEGRITY_INTERVAL_EXP = 142;

  /// Offset of `integrity.metadata_size` (1 byte): bytes of one tuple.
  public static final int INTEGRITY_METADATA_SIZE = 143;

  /// Offset of `integrity.pi_offset` (1 byte): where in it the protection is.
  public static final int INTEGRITY_PI_OFFSET = 144;

  /// Offset of `integrity.csum_type` (1 byte): `LBMD_PI_CSUM_*` of `<linux/fs.h>`.
  public static final int INTEGRITY_CSUM_TYPE = 145;

  /// Offset of `integrity.tag_size` (1 byte): bytes of the tag.
  public static final int INTEGRITY_TAG_SIZE = 146;

  /// Offset of `integrity.pad` (5 bytes): zeros.
  public static final int INTEGRITY_PAD = 147;

  /// Size of `struct ublk_params` in bytes.
  public static final int SIZE = 152;

  private Params() {}
}
