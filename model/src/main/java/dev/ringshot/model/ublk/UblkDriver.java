package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOSPC;
import static dev.ringshot.abi.ublk.Ublk.UBLK_F_IO_DESC_SIZE;
import static dev.ringshot.abi.ublk.Ublk.UBLK_S_DEV_DEAD;

import dev.ringshot.abi.ublk.DevInfo;
import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.model.ModelKernel;
import dev.ringshot.model.Scheduler;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The ublk driver: block devices whose requests are served by a program. It needs nothing of the
/// kernel that other drivers cannot have.
public final class UblkDriver {
  /// The control file's path.
  public static final String CONTROL = "/dev/ublk-control";

  /// CPUs of the model's machine: as many queues as a device can have.
  static final int CPUS = 64;

  private static final int DEVICES_MAX = 1 << 20; // UBLK_MINORS
  private static final int IO_DESC_SIZE_MAX = 256;
  private static final int PAGE = 4096;

  private final ModelKernel kernel;
  private final long features;
  private final Turn turn;
  private final ConcurrentSkipListMap<Integer, UblkDevice> devices = new ConcurrentSkipListMap<>();
  private final List<Consumer<UblkDisk>> whenAdded = new CopyOnWriteArrayList<>();
  private final List<Consumer<UblkDisk>> whenRemoved = new CopyOnWriteArrayList<>();
  private final AtomicInteger callers = new AtomicInteger();
  private final ThreadLocal<Integer> caller = ThreadLocal.withInitial(callers::getAndIncrement);

  private UblkDriver(ModelKernel kernel) {
    this.kernel = kernel;
    this.features = Features.of(kernel.options().release());
    this.turn = new Turn(kernel.scheduler());
  }

  /// Loads the driver: there is a `/dev/ublk-control` from now on.
  public static UblkDriver addTo(ModelKernel kernel) {
    var driver = new UblkDriver(kernel);
    kernel.device(CONTROL, new ControlFile(driver));
    return driver;
  }

  // ---- its disks

  /// The disk of a device that is started, or null.
  public @Nullable UblkDisk disk(int id) {
    var device = devices.get(id);
    return device == null ? null : device.disk();
  }

  /// The disks that there are, by number.
  public List<UblkDisk> disks() {
    return devices.values().stream().map(UblkDevice::disk).filter(d -> d != null).toList();
  }

  /// Has every disk that comes from now on told to `listener`, before the command that starts it
  /// ends; on any thread, which it must not block.
  public void whenAdded(Consumer<UblkDisk> listener) {
    whenAdded.add(listener);
  }

  /// The same of disks that have gone.
  public void whenRemoved(Consumer<UblkDisk> listener) {
    whenRemoved.add(listener);
  }

  void added(UblkDisk disk) {
    whenAdded.forEach(listener -> listener.accept(disk));
  }

  void removed(UblkDisk disk) {
    whenRemoved.forEach(listener -> listener.accept(disk));
  }

  /// Numbers the threads that submit requests, from 0.
  int callerNumber() {
    return caller.get();
  }

  // ---- its devices

  static String path(int id) {
    return "/dev/ublkc" + id;
  }

  Scheduler scheduler() {
    return kernel.scheduler();
  }

  Turn turn() {
    return turn;
  }

  long features() {
    return features;
  }

  boolean has(long feature) {
    return (features & feature) != 0;
  }

  boolean takesIntegrity(long flags) {
    return Features.allowsIntegrity(kernel.options().release(), flags);
  }

  /// What a server must say its process is.
  int processId() {
    return (int) ProcessHandle.current().pid();
  }

  @Nullable UblkDevice device(int id) {
    return devices.get(id);
  }

  /// Whether there is a device file of that path, of whatever driver.
  boolean hasFile(String path) {
    return kernel.hasDevice(path);
  }

  /// A device as `asked`, which tells what it has become.
  ///
  /// @return 0 or `-errno`
  int add(DeviceInfo asked, Recovery recovery, ControlArgument argument) {
    int id = asked.id();
    if (id != -1 && Integer.compareUnsigned(id, DEVICES_MAX) >= 0) return -EINVAL;
    if (id == -1) id = freeId();
    if (id == DEVICES_MAX) return -ENOSPC;
    if (devices.containsKey(id)) return -EEXIST;
    asked.id(id);
    asked.flags(Features.negotiate(kernel.options().release(), asked.flags()));
    if (has(UBLK_F_IO_DESC_SIZE)) {
      if ((asked.flags() & UBLK_F_IO_DESC_SIZE) == 0) asked.ioDescSize(IoDesc.SIZE);
      if (!isDescSize(asked.ioDescSize())) return -EINVAL;
    }
    asked.queues(Math.min(asked.queues(), CPUS));
    asked.maxIoBufBytes(asked.maxIoBufBytes() & -PAGE);
    asked.state(UBLK_S_DEV_DEAD);
    asked.ownedByRoot();
    var device = new UblkDevice(this, asked, recovery);
    int error = argument.write(asked.bytes, DevInfo.SIZE);
    if (error != 0) return error;
    asked.serverPid(-1);
    devices.put(id, device);
    kernel.device(path(id), new CharFile(device));
    return 0;
  }

  private int freeId() {
    int id = 0;
    while (devices.containsKey(id)) id++;
    return id;
  }

  private static boolean isDescSize(int bytes) {
    return bytes >= IoDesc.SIZE && bytes % Long.BYTES == 0 && bytes <= IO_DESC_SIZE_MAX;
  }

  void removeFile(UblkDevice device) {
    kernel.removeDevice(path(device.id));
  }

  void forget(UblkDevice device) {
    devices.remove(device.id);
  }
}
