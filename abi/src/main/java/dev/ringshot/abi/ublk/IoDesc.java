package dev.ringshot.abi.ublk;

/// `struct ublksrv_io_desc`: one request, at `tag * SIZE` of the area that is mapped read-only from
/// `/dev/ublkcN`.
public final class IoDesc {
  /// Offset of `op_flags` (4 bytes): `UBLK_IO_OP_*` in bits 0 … 7, `UBLK_IO_F_*` above.
  public static final int OP_FLAGS = 0;

  /// Offset of `nr_sectors` (4 bytes): units of 512 bytes.
  public static final int NR_SECTORS = 4;

  /// Offset of `nr_zones` (4 bytes): of `UBLK_IO_OP_REPORT_ZONES`.
  public static final int NR_ZONES = 4;

  /// Offset of `start_sector` (8 bytes): units of 512 bytes.
  public static final int START_SECTOR = 8;

  /// Offset of `addr` (8 bytes): the server's buffer, as it was given.
  public static final int ADDR = 16;

  /// Size of `struct ublksrv_io_desc` in bytes.
  public static final int SIZE = 24;

  /// The operation of a request.
  ///
  /// @param opFlags `op_flags`
  /// @return `UBLK_IO_OP_*` of [Ublk]
  public static int op(int opFlags) {
    return opFlags & 0xff;
  }

  private IoDesc() {}
}
