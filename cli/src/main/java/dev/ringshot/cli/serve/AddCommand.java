package dev.ringshot.cli.serve;

import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.ublk.DataMode;
import dev.ringshot.ublk.DeviceInfo;
import dev.ringshot.ublk.FetchMode;
import dev.ringshot.ublk.Recovery;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.UblkControl;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `ringshot ublk add`: adds a device to Linux's own driver and serves it.
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Adds a device and serves it, as a daemon, until it is stopped.",
    footer = {
      "",
      "SIGTERM and SIGINT end it in order; so does ublk del. If it dies, a device with recovery waits: ublk recover.",
      "What a daemon has to say is in ublkN.log in /run/ringshot, or in $RINGSHOT_RUN_DIR."
    })
public final class AddCommand implements Callable<Integer> {
  @Mixin private DeviceOptions device = new DeviceOptions();

  @Option(
      names = {"-n", "--number"},
      paramLabel = "ID",
      defaultValue = "-1",
      description = "The device's number; by default the first that is free.")
  private int id;

  @Option(
      names = {"-q", "--queues"},
      paramLabel = "N",
      defaultValue = "1",
      description = "Queues, a thread each; ${DEFAULT-VALUE} by default.")
  private int queues;

  @Option(
      names = {"-d", "--depth"},
      paramLabel = "N",
      defaultValue = "128",
      description = "Requests of a queue at a time; ${DEFAULT-VALUE} by default.")
  private int depth;

  @Option(
      names = {"--io-buf-size", "--max_io_buf_bytes"},
      paramLabel = "SIZE",
      converter = ByteSize.class,
      defaultValue = "512K",
      description = "Longest read or write; ${DEFAULT-VALUE} by default.")
  private long maxIoSize;

  @Option(
      names = {"-b", "--batch"},
      negatable = true,
      description =
          "Fetch in batches, or (--no-batch) one by one; by default in batches if the driver can, but one by one with -r, -i or -e: Linux 7.3 copies a batch for a server that is killed without its memory, and in user mode panics.")
  private @Nullable Boolean isBatch;

  @Option(
      names = {"--usercopy", "--user-copy"},
      description = "The server copies, not the driver.")
  private boolean isUserCopy;

  @Option(
      names = {"-z", "--zero-copy", "--auto_zc"},
      description = "Nobody copies: of loop, null and stripe (AUTO_BUF_REG, Linux 6.16).")
  private boolean isZeroCopy;

  @Option(
      names = {"-r", "--user_recovery"},
      description = "If the server dies, its requests fail, and new ones wait for another server.")
  private boolean isFailingRequests;

  @Option(
      names = {"-i", "--user_recovery_reissue"},
      description = "If it dies, its requests go to the other server again. With -r or without.")
  private boolean isReissuing;

  @Option(
      names = {"-e", "--user_recovery_fail_io"},
      description = "If it dies, all requests fail until there is another. With -r or without.")
  private boolean isFailing;

  @Option(
      names = {"--no-part-scan", "--no_auto_part_scan"},
      description = "Do not look for partitions (Linux 7.0).")
  private boolean isWithoutPartitions;

  @Option(
      names = {"-u", "--unprivileged"},
      description =
          "A device of a user without privileges, who then has its files (Linux 6.3, udev/).")
  private boolean isUnprivileged;

  @Option(
      names = "--recover",
      description =
          "If there is the device -n, and its server has died, recover it: for services that are started again.")
  private boolean isRecovering;

  /// The command line has not been read yet.
  public AddCommand() {}

  @Override
  public Integer call() {
    if (isRecovering && id < 0) throw device.wrong("--recover takes -n ID");
    DiskArguments disk = device.disk();
    ServerOptions options = options();
    return device.serve(disk, options, isRecovering && isWaiting(id));
  }

  /// Whether there is a device whose server has died.
  private static boolean isWaiting(int id) {
    try (var control = UblkControl.open(new LinuxKernel())) {
      var command = control.await(control.info(id));
      if (command.result() == -Errno.ENODEV) return false;
      DeviceInfo info = command.get();
      boolean isServed = info.pid() > 0 && ProcessHandle.of(info.pid()).isPresent();
      return info.has(Ublk.UBLK_F_USER_RECOVERY) && !isServed;
    }
  }

  private ServerOptions options() {
    try {
      return ServerOptions.of(ProcessHandle.current().pid())
          .withDeviceId(id)
          .withQueues(queues, depth)
          .withMaxIoSize((int) Math.min(maxIoSize, Integer.MAX_VALUE))
          .withFetch(fetch())
          .withData(data())
          .withRecovery(recovery())
          .withUnprivileged(isUnprivileged)
          .withPartitionScan(!isWithoutPartitions)
          .withNanoTime(System::nanoTime);
    } catch (IllegalArgumentException e) {
      throw device.wrong(String.valueOf(e.getMessage()));
    }
  }

  private DataMode data() {
    if (isUserCopy && isZeroCopy) throw device.wrong("--user-copy and -z do not go together");
    if (isZeroCopy) return DataMode.ZERO_COPY;
    return isUserCopy ? DataMode.USER_COPY : DataMode.COPY;
  }

  private FetchMode fetch() {
    if (isBatch == null) return FetchMode.AUTO;
    return isBatch ? FetchMode.BATCH : FetchMode.PER_TAG;
  }

  private Recovery recovery() {
    if (isReissuing && isFailing) throw device.wrong("-i and -e do not go together");
    if (isReissuing) return Recovery.REISSUE;
    if (isFailing) return Recovery.FAIL_IO;
    return isFailingRequests ? Recovery.WAIT : Recovery.NONE;
  }
}
