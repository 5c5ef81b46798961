package dev.ringshot.cli.ublk;

import dev.ringshot.abi.Errno;
import dev.ringshot.cli.serve.RunFolder;
import dev.ringshot.cli.serve.ServeFailed;
import dev.ringshot.cli.serve.ServerState;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.ublk.ControlCommand;
import dev.ringshot.ublk.DeviceInfo;
import dev.ringshot.ublk.UblkControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Control commands of the running kernel's driver, one after the other, each waited for.
final class Control implements AutoCloseable {
  private static final Path DEVICES = Path.of("/sys/class/ublk-char");
  private static final Pattern NAME = Pattern.compile("ublkc(\\d+)");

  /// Of devices that have just gone, or are somebody else's.
  private static final Set<Integer> UNSEEN =
      Set.of(Errno.ENODEV, Errno.ENOENT, Errno.EACCES, Errno.EPERM);

  private final UblkControl control;
  private final Consumer<String> errors;

  private Control(UblkControl control, Consumer<String> errors) {
    this.control = control;
    this.errors = errors;
  }

  /// @param errors where is told what does not keep a command from its answer
  /// @throws dev.ringshot.abi.ErrnoException if the driver is not there, or not for this user
  /// @throws ServeFailed if this is no Linux
  static Control open(Consumer<String> errors) {
    try {
      return new Control(UblkControl.open(new LinuxKernel()), errors);
    } catch (UnsupportedOperationException e) {
      throw new ServeFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /// Sends a command to a device and waits for its answer.
  ///
  /// @throws dev.ringshot.abi.ErrnoException if it failed
  <T> T ask(int id, Function<UblkControl, ControlCommand<T>> verb) {
    var _ = answer(c -> c.info(id)); // so it knows whose the device is
    return ask(verb);
  }

  /// Sends a command and waits for its answer.
  ///
  /// @throws dev.ringshot.abi.ErrnoException if it failed
  <T> T ask(Function<UblkControl, ControlCommand<T>> verb) {
    return answer(verb).get();
  }

  private <T> ControlCommand<T> answer(Function<UblkControl, ControlCommand<T>> verb) {
    return control.await(verb.apply(control));
  }

  /// A device.
  DeviceReport device(int id) {
    return report(ask(c -> c.info(id)));
  }

  private DeviceReport report(DeviceInfo info) {
    int id = info.id();
    var parameters = answer(c -> c.parameters(id));
    long size = parameters.result() < 0 ? 0 : parameters.get().size();
    return new DeviceReport(info, size, state(info));
  }

  private @Nullable ServerState state(DeviceInfo info) {
    try {
      ServerState state = RunFolder.ofThisUser().map(f -> f.state(info.id())).orElse(null);
      return state != null && state.isOf(info.id(), info.pid()) ? state : null;
    } catch (ServeFailed e) {
      errors.accept("ringshot: " + e.getMessage());
      return null;
    }
  }

  /// All devices that this user may see, by number.
  List<DeviceReport> devices() {
    List<DeviceReport> found = new ArrayList<>();
    for (int id : ids()) {
      var info = answer(c -> c.info(id));
      if (!UNSEEN.contains(-info.result())) found.add(report(info.get()));
    }
    forgetAllBut(found);
    return found;
  }

  /// A device that is no more may have left a word of its server, which was killed.
  private static void forgetAllBut(List<DeviceReport> found) {
    Set<Integer> ids = found.stream().map(d -> d.info().id()).collect(Collectors.toSet());
    RunFolder.ofThisUser().ifPresent(folder -> folder.forgetAllBut(ids));
  }

  /// Deletes a device.
  ///
  /// @param isAsync does not wait until nobody has the disk open
  void delete(int id, boolean isAsync) {
    ask(id, c -> isAsync ? c.deleteAsync(id) : c.delete(id));
    RunFolder.ofThisUser().ifPresent(folder -> folder.forget(id));
  }

  private static List<Integer> ids() {
    if (!Files.isDirectory(DEVICES)) return List.of();
    try (var files = Files.list(DEVICES)) {
      return files
          .map(file -> NAME.matcher(String.valueOf(file.getFileName())))
          .filter(Matcher::matches)
          .map(name -> Integer.valueOf(name.group(1)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ServeFailed(DEVICES + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    control.close();
  }
}
