package dev.ringshot.abi.ublk;

import dev.ringshot.abi.Errno;

/// The constants of `<linux/ublk_cmd.h>`, Linux 7.3, by their C names.
///
/// Unsigned 32-bit values are `int`s with the same bits. The structures are classes of their own,
/// named in the headings below.
public final class Ublk {
  // ---- Plain numbers of control commands: what kernels with the old encoding take

  /// As [#UBLK_U_CMD_GET_QUEUE_AFFINITY].
  public static final int UBLK_CMD_GET_QUEUE_AFFINITY = 0x01;

  /// As [#UBLK_U_CMD_GET_DEV_INFO].
  public static final int UBLK_CMD_GET_DEV_INFO = 0x02;

  /// As [#UBLK_U_CMD_ADD_DEV].
  public static final int UBLK_CMD_ADD_DEV = 0x04;

  /// As [#UBLK_U_CMD_DEL_DEV].
  public static final int UBLK_CMD_DEL_DEV = 0x05;

  /// As [#UBLK_U_CMD_START_DEV].
  public static final int UBLK_CMD_START_DEV = 0x06;

  /// As [#UBLK_U_CMD_STOP_DEV].
  public static final int UBLK_CMD_STOP_DEV = 0x07;

  /// As [#UBLK_U_CMD_SET_PARAMS].
  public static final int UBLK_CMD_SET_PARAMS = 0x08;

  /// As [#UBLK_U_CMD_GET_PARAMS].
  public static final int UBLK_CMD_GET_PARAMS = 0x09;

  /// As [#UBLK_U_CMD_START_USER_RECOVERY].
  public static final int UBLK_CMD_START_USER_RECOVERY = 0x10;

  /// As [#UBLK_U_CMD_END_USER_RECOVERY].
  public static final int UBLK_CMD_END_USER_RECOVERY = 0x11;

  /// As [#UBLK_U_CMD_GET_DEV_INFO2].
  public static final int UBLK_CMD_GET_DEV_INFO2 = 0x12;

  // ---- Control commands: `cmd_op` for `/dev/ublk-control`, payload [CtrlCmd]

  /// Fills in the CPU mask of queue `data`.
  public static final int UBLK_U_CMD_GET_QUEUE_AFFINITY = 0x80207501;

  /// Fills in a [DevInfo].
  public static final int UBLK_U_CMD_GET_DEV_INFO = 0x80207502;

  /// Adds a device as a [DevInfo] asks, and fills in what it became.
  public static final int UBLK_U_CMD_ADD_DEV = 0xc0207504;

  /// Removes a device and waits until it is gone.
  public static final int UBLK_U_CMD_DEL_DEV = 0xc0207505;

  /// Makes the disk appear once every queue is ready; `data` is the server's process.
  public static final int UBLK_U_CMD_START_DEV = 0xc0207506;

  /// Removes the disk; parked commands end with `-ENODEV`.
  public static final int UBLK_U_CMD_STOP_DEV = 0xc0207507;

  /// Sets [Params], before the start.
  public static final int UBLK_U_CMD_SET_PARAMS = 0xc0207508;

  /// Fills in [Params].
  public static final int UBLK_U_CMD_GET_PARAMS = 0x80207509;

  /// A new server takes over a quiesced device.
  public static final int UBLK_U_CMD_START_USER_RECOVERY = 0xc0207510;

  /// The new server, process `data`, is ready.
  public static final int UBLK_U_CMD_END_USER_RECOVERY = 0xc0207511;

  /// As [#UBLK_U_CMD_GET_DEV_INFO], with the device's path first.
  public static final int UBLK_U_CMD_GET_DEV_INFO2 = 0x80207512;

  /// Fills in the `UBLK_F_*` that the driver knows (8 bytes).
  public static final int UBLK_U_CMD_GET_FEATURES = 0x80207513;

  /// Removes a device without waiting.
  public static final int UBLK_U_CMD_DEL_DEV_ASYNC = 0x80207514;

  /// Changes the size of a live device to `data` sectors.
  public static final int UBLK_U_CMD_UPDATE_SIZE = 0xc0207515;

  /// Quiesces a device for a new server, waiting `data` milliseconds at most.
  public static final int UBLK_U_CMD_QUIESCE_DEV = 0xc0207516;

  /// Stops a device unless it is open.
  public static final int UBLK_U_CMD_TRY_STOP_DEV = 0xc0207517;

  /// Registers shared memory, a [ShmemBufReg].
  public static final int UBLK_U_CMD_REG_BUF = 0xc0207518;

  /// Takes registered shared memory out.
  public static final int UBLK_U_CMD_UNREG_BUF = 0xc0207519;

  /// Of a [ShmemBufReg]: the memory is only read.
  public static final int UBLK_SHMEM_BUF_READ_ONLY = 1 << 0;

  /// Bytes that [#UBLK_U_CMD_GET_FEATURES] fills in.
  public static final int UBLK_FEATURES_LEN = 8;

  // ---- Plain numbers of commands for a tag

  /// As [#UBLK_U_IO_FETCH_REQ].
  public static final int UBLK_IO_FETCH_REQ = 0x20;

  /// As [#UBLK_U_IO_COMMIT_AND_FETCH_REQ].
  public static final int UBLK_IO_COMMIT_AND_FETCH_REQ = 0x21;

  /// As [#UBLK_U_IO_NEED_GET_DATA].
  public static final int UBLK_IO_NEED_GET_DATA = 0x22;

  // ---- Commands for a tag: `cmd_op` for `/dev/ublkcN`, payload [IoCmd]

  /// The first fetch of a tag: completes when a request has arrived.
  public static final int UBLK_U_IO_FETCH_REQ = 0xc0107520;

  /// Gives a result, and completes when the next request has arrived.
  public static final int UBLK_U_IO_COMMIT_AND_FETCH_REQ = 0xc0107521;

  /// Gives the buffer of a write, and completes when the data is in it.
  public static final int UBLK_U_IO_NEED_GET_DATA = 0xc0107522;

  /// Zero copy: a request's pages become registered buffer `addr`.
  public static final int UBLK_U_IO_REGISTER_IO_BUF = 0xc0107523;

  /// Zero copy: gives registered buffer `addr` back.
  public static final int UBLK_U_IO_UNREGISTER_IO_BUF = 0xc0107524;

  // ---- Commands for many tags (`UBLK_F_BATCH_IO`), payload [BatchIo]

  /// Makes tags ready, all or none.
  public static final int UBLK_U_IO_PREP_IO_CMDS = 0xc0107525;

  /// Gives results; completes with the bytes of elements that were taken.
  public static final int UBLK_U_IO_COMMIT_IO_CMDS = 0xc0107526;

  /// Multishot: each completion brings a buffer of tags, 2 bytes each, whose requests have arrived.
  public static final int UBLK_U_IO_FETCH_IO_CMDS = 0xc0107527;

  // ---- Results of fetches

  /// A request is there.
  public static final int UBLK_IO_RES_OK = 0;

  /// A write is there and wants a buffer.
  public static final int UBLK_IO_RES_NEED_GET_DATA = 1;

  /// The device is going away, `-ENODEV`: do not fetch again.
  public static final int UBLK_IO_RES_ABORT = -Errno.ENODEV;

  // ---- Offsets in `/dev/ublkcN`: descriptors (mmap(2)) and data (pread(2), pwrite(2))

  /// Where the [IoDesc]s begin.
  public static final int UBLKSRV_CMD_BUF_OFFSET = 0;

  /// Where the data begins.
  public static final long UBLKSRV_IO_BUF_OFFSET = 0x80000000L;

  /// Most tags of a queue.
  public static final int UBLK_MAX_QUEUE_DEPTH = 4096;

  /// Lowest bit of the byte in a request's data.
  public static final int UBLK_IO_BUF_OFF = 0;

  /// Bits of the byte.
  public static final int UBLK_IO_BUF_BITS = 25;

  /// Mask of the byte, unshifted.
  public static final int UBLK_IO_BUF_BITS_MASK = 0x1ffffff;

  /// Lowest bit of the tag.
  public static final int UBLK_TAG_OFF = 25;

  /// Bits of the tag.
  public static final int UBLK_TAG_BITS = 16;

  /// Mask of the tag, unshifted.
  public static final int UBLK_TAG_BITS_MASK = 0xffff;

  /// Lowest bit of the queue.
  public static final int UBLK_QID_OFF = 41;

  /// Bits of the queue.
  public static final int UBLK_QID_BITS = 12;

  /// Mask of the queue, unshifted.
  public static final int UBLK_QID_BITS_MASK = 0xfff;

  /// Most queues of a device.
  public static final int UBLK_MAX_NR_QUEUES = 4096;

  /// Bits of byte, tag and queue.
  public static final int UBLKSRV_IO_BUF_TOTAL_BITS = 53;

  /// Size of the area of data.
  public static final long UBLKSRV_IO_BUF_TOTAL_SIZE = 1L << 53;

  /// Bit that chooses integrity data instead.
  public static final int UBLK_INTEGRITY_FLAG_OFF = 62;

  /// Chooses integrity data instead.
  public static final long UBLKSRV_IO_INTEGRITY_FLAG = 1L << 62;

  // ---- `flags` of [DevInfo]

  /// A request's pages can be registered buffers.
  public static final int UBLK_F_SUPPORT_ZERO_COPY = 1 << 0;

  /// Commands complete in the server's own task; always on.
  public static final int UBLK_F_URING_CMD_COMP_IN_TASK = 1 << 1;

  /// The server gives the buffer of a write when the write is there.
  public static final int UBLK_F_NEED_GET_DATA = 1 << 2;

  /// A new server may take over.
  public static final int UBLK_F_USER_RECOVERY = 1 << 3;

  /// On recovery, requests that the old server had are issued again.
  public static final int UBLK_F_USER_RECOVERY_REISSUE = 1 << 4;

  /// Anyone may add it who may open it.
  public static final int UBLK_F_UNPRIVILEGED_DEV = 1 << 5;

  /// Commands are the `UBLK_U_*` numbers.
  public static final int UBLK_F_CMD_IOCTL_ENCODE = 1 << 6;

  /// The server copies data by pread(2) and pwrite(2).
  public static final int UBLK_F_USER_COPY = 1 << 7;

  /// A zoned device.
  public static final int UBLK_F_ZONED = 1 << 8;

  /// While there is no server, requests fail.
  public static final int UBLK_F_USER_RECOVERY_FAIL_IO = 1 << 9;

  /// The size can be changed.
  public static final int UBLK_F_UPDATE_SIZE = 1 << 10;

  /// Pages are registered before a request is delivered, see [AutoBufReg].
  public static final int UBLK_F_AUTO_BUF_REG = 1 << 11;

  /// It can be quiesced.
  public static final int UBLK_F_QUIESCE = 1 << 12;

  /// Each tag may belong to its own task.
  public static final int UBLK_F_PER_IO_DAEMON = 1 << 13;

  /// Buffers may be registered from any task.
  public static final int UBLK_F_BUF_REG_OFF_DAEMON = 1 << 14;

  /// Commands for many tags; fetching is multishot (Linux 7.0).
  public static final int UBLK_F_BATCH_IO = 1 << 15;

  /// Requests may carry integrity data.
  public static final int UBLK_F_INTEGRITY = 1 << 16;

  /// It knows [#UBLK_U_CMD_TRY_STOP_DEV].
  public static final int UBLK_F_SAFE_STOP_DEV = 1 << 17;

  /// Partitions are not looked for at the start.
  public static final int UBLK_F_NO_AUTO_PART_SCAN = 1 << 18;

  /// Zero copy by shared memory.
  public static final int UBLK_F_SHMEM_ZC = 1 << 19;

  /// `io_desc_size` says how large an [IoDesc] is.
  public static final int UBLK_F_IO_DESC_SIZE = 1 << 20;

  // ---- `state` of [DevInfo]

  /// No disk.
  public static final int UBLK_S_DEV_DEAD = 0;

  /// Serving.
  public static final int UBLK_S_DEV_LIVE = 1;

  /// Without a server; requests wait.
  public static final int UBLK_S_DEV_QUIESCED = 2;

  /// Without a server; requests fail.
  public static final int UBLK_S_DEV_FAIL_IO = 3;

  // ---- Operations of an [IoDesc]

  /// Read.
  public static final int UBLK_IO_OP_READ = 0;

  /// Write.
  public static final int UBLK_IO_OP_WRITE = 1;

  /// Everything written so far to the medium.
  public static final int UBLK_IO_OP_FLUSH = 2;

  /// The contents are not needed any more.
  public static final int UBLK_IO_OP_DISCARD = 3;

  /// Write one sector many times; not sent any more.
  public static final int UBLK_IO_OP_WRITE_SAME = 4;

  /// Write zeros.
  public static final int UBLK_IO_OP_WRITE_ZEROES = 5;

  /// Open a zone.
  public static final int UBLK_IO_OP_ZONE_OPEN = 10;

  /// Close a zone.
  public static final int UBLK_IO_OP_ZONE_CLOSE = 11;

  /// Fill a zone up.
  public static final int UBLK_IO_OP_ZONE_FINISH = 12;

  /// Write at the zone's own position.
  public static final int UBLK_IO_OP_ZONE_APPEND = 13;

  /// Empty all zones.
  public static final int UBLK_IO_OP_ZONE_RESET_ALL = 14;

  /// Empty a zone.
  public static final int UBLK_IO_OP_ZONE_RESET = 15;

  /// Report zones: made by the driver, not the block layer.
  public static final int UBLK_IO_OP_REPORT_ZONES = 18;

  // ---- Flags of an [IoDesc]

  /// Do not retry errors of the device.
  public static final int UBLK_IO_F_FAILFAST_DEV = 1 << 8;

  /// Do not retry errors of the transport.
  public static final int UBLK_IO_F_FAILFAST_TRANSPORT = 1 << 9;

  /// Do not retry errors of the driver.
  public static final int UBLK_IO_F_FAILFAST_DRIVER = 1 << 10;

  /// Metadata of a file system.
  public static final int UBLK_IO_F_META = 1 << 11;

  /// On the medium before it completes.
  public static final int UBLK_IO_F_FUA = 1 << 13;

  /// Zeros must keep their space allocated.
  public static final int UBLK_IO_F_NOUNMAP = 1 << 15;

  /// Of the swap area.
  public static final int UBLK_IO_F_SWAP = 1 << 16;

  /// Automatic registration failed: register the pages yourself.
  public static final int UBLK_IO_F_NEED_REG_BUF = 1 << 17;

  /// There is integrity data.
  public static final int UBLK_IO_F_INTEGRITY = 1 << 18;

  /// `addr` names registered shared memory.
  public static final int UBLK_IO_F_SHMEM_ZC = 1 << 19;

  // ---- `flags` of [AutoBufReg]

  /// If registration fails, deliver the request with [#UBLK_IO_F_NEED_REG_BUF].
  public static final int UBLK_AUTO_BUF_REG_FALLBACK = 1 << 0;

  /// All of these flags.
  public static final int UBLK_AUTO_BUF_REG_F_MASK = UBLK_AUTO_BUF_REG_FALLBACK;

  // ---- `flags` of [BatchIo]

  /// Elements have a zone position.
  public static final int UBLK_BATCH_F_HAS_ZONE_LBA = 1 << 0;

  /// Elements have a buffer address.
  public static final int UBLK_BATCH_F_HAS_BUF_ADDR = 1 << 1;

  /// As [#UBLK_AUTO_BUF_REG_FALLBACK].
  public static final int UBLK_BATCH_F_AUTO_BUF_REG_FALLBACK = 1 << 2;

  // ---- [Params]

  /// `basic.attrs`: cannot be written.
  public static final int UBLK_ATTR_READ_ONLY = 1 << 0;

  /// `basic.attrs`: seeks are slow.
  public static final int UBLK_ATTR_ROTATIONAL = 1 << 1;

  /// `basic.attrs`: writes need a flush.
  public static final int UBLK_ATTR_VOLATILE_CACHE = 1 << 2;

  /// `basic.attrs`: understands [#UBLK_IO_F_FUA].
  public static final int UBLK_ATTR_FUA = 1 << 3;

  /// Least `seg.max_segment_size`, in bytes.
  public static final int UBLK_MIN_SEGMENT_SIZE = 4096;

  /// `types`: `basic` is set.
  public static final int UBLK_PARAM_TYPE_BASIC = 1 << 0;

  /// `types`: `discard` is set.
  public static final int UBLK_PARAM_TYPE_DISCARD = 1 << 1;

  /// `types`: `devt` is filled in by the kernel.
  public static final int UBLK_PARAM_TYPE_DEVT = 1 << 2;

  /// `types`: `zoned` is set.
  public static final int UBLK_PARAM_TYPE_ZONED = 1 << 3;

  /// `types`: `dma` is set.
  public static final int UBLK_PARAM_TYPE_DMA_ALIGN = 1 << 4;

  /// `types`: `seg` is set.
  public static final int UBLK_PARAM_TYPE_SEGMENT = 1 << 5;

  /// `types`: `integrity` is set.
  public static final int UBLK_PARAM_TYPE_INTEGRITY = 1 << 6;

  // ---- `addr` of an [IoDesc] with `UBLK_IO_F_SHMEM_ZC`

  /// Mask of the offset in the registered memory.
  public static final long UBLK_SHMEM_ZC_OFF_MASK = 0xffffffffL;

  /// Lowest bit of the index of the registered memory.
  public static final int UBLK_SHMEM_ZC_IDX_OFF = 32;

  /// Mask of that index, unshifted.
  public static final int UBLK_SHMEM_ZC_IDX_MASK = 0xffff;

  private Ublk() {}
}
