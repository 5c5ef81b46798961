package dev.ringshot.cli.ublk;

import dev.ringshot.abi.ublk.Ublk;
import dev.ringshot.cli.Json;
import dev.ringshot.cli.serve.AddCommand;
import dev.ringshot.cli.serve.ByteSize;
import dev.ringshot.cli.serve.RecoverCommand;
import dev.ringshot.cli.serve.ServeFailed;
import dev.ringshot.linux.LinuxProcess;
import dev.ringshot.ublk.DeviceInfo;
import dev.ringshot.ublk.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `ringshot ublk`: devices of Linux's own ublk driver.
@Command(
    name = "ublk",
    mixinStandardHelpOptions = true,
    description = "Devices of Linux's own ublk driver: adds, lists, stops, deletes, recovers them.",
    subcommands = {AddCommand.class, RecoverCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Exit status: 0 done, 1 it failed, 2 wrong use."})
public final class UblkCommand implements Runnable {
  private static final Pattern FILE = Pattern.compile("ublk[bc](\\d{1,7})");
  static final String NUMBER = "The device's number.";
  static final String JSON = "Print JSON instead of text.";

  @Spec private @Nullable CommandSpec spec;

  /// The command line has not been read yet.
  public UblkCommand() {}

  @Override
  public void run() {
    throw wrong(
        "Missing command: add, list, del, stop, recover, features, quiesce, resize, set-affinity or chown");
  }

  private CommandLine line() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private ParameterException wrong(String what) {
    return new ParameterException(line(), what);
  }

  private Control control() {
    return Control.open(line().getErr()::println);
  }

  private void print(String text) {
    line().getOut().println(text);
  }

  private void print(DeviceReport device, boolean json) {
    print(json ? Json.of(device.json()) : device.line());
  }

  // ---- What there is

  @Command(mixinStandardHelpOptions = true, description = "Lists the devices.")
  int list(
      @Option(
              names = {"-n", "--number"},
              paramLabel = "ID",
              description = "This one alone.")
          @Nullable Integer id,
      @Option(
              names = {"-v", "--verbose"},
              description = "Files and flags too.")
          boolean isVerbose,
      @Option(names = "--json", description = JSON) boolean json) {
    try (var control = control()) {
      List<DeviceReport> devices = id == null ? control.devices() : List.of(control.device(id));
      if (json) {
        print(Json.of(Map.of("devices", devices.stream().map(DeviceReport::json).toList())));
        return 0;
      }
      for (DeviceReport device : devices) {
        print(device.line());
        if (isVerbose) print(device.details());
      }
      return 0;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Lists what the driver can do, and what it lacks.")
  int features(@Option(names = "--json", description = JSON) boolean json) {
    try (var control = control()) {
      long offered = control.ask(c -> c.features());
      long lacking = Features.KNOWN & ~offered;
      if (json) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("features", Features.names(offered));
        answer.put("missing", missing(lacking));
        print(Json.of(answer));
        return 0;
      }
      for (String name : Features.names(offered)) print(name);
      if (lacking != 0) print("missing: " + Features.needs(lacking));
      return 0;
    }
  }

  private static List<Map<String, String>> missing(long lacking) {
    List<Map<String, String>> all = new ArrayList<>();
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if ((lacking >>> bit & 1) != 0)
        all.add(Map.of("feature", Features.name(bit), "linux", Features.since(bit)));
    }
    return all;
  }

  // ---- The end of them

  @Command(
      mixinStandardHelpOptions = true,
      description = "Stops and deletes a device, or all of them.")
  int del(
      @Option(
              names = {"-n", "--number"},
              paramLabel = "ID",
              description = NUMBER)
          @Nullable Integer id,
      @Option(
              names = {"-a", "--all"},
              description = "All devices.")
          boolean isAll,
      @Option(names = "--async", description = "Do not wait until nobody has the disk open.")
          boolean isAsync,
      @Option(names = "--json", description = JSON) boolean json) {
    if ((id == null) != isAll) throw wrong("del takes either -n ID or -a");
    try (var control = control()) {
      List<Integer> ids =
          id != null ? List.of(id) : control.devices().stream().map(d -> d.info().id()).toList();
      List<Integer> deleted = new ArrayList<>();
      RuntimeException first = null;
      for (int each : ids) {
        try {
          control.delete(each, isAsync);
          deleted.add(each);
        } catch (RuntimeException e) { // the others are to go all the same
          if (first == null) first = e;
          else line().getErr().println("ringshot: " + e.getMessage());
        }
      }
      if (json) print(Json.of(Map.of("deleted", deleted)));
      if (first != null) throw first;
      return 0;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Takes a device's disk away; its number stays until del.")
  int stop(
      @Mixin OneDevice device,
      @Option(names = "--safe", description = "Not while somebody has the disk open (Linux 7.0).")
          boolean isSafe) {
    try (var control = control()) {
      control.ask(device.id, c -> isSafe ? c.tryStop(device.id) : c.stop(device.id));
      print(control.device(device.id), device.json);
      return 0;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Has a device's server end, and the disk wait for another: recover.")
  int quiesce(
      @Mixin OneDevice device,
      @Option(
              names = {"-t", "--timeout"},
              paramLabel = "MS",
              defaultValue = "0",
              description = "Give up after so long; 0, the default, for never.")
          long millis) {
    if (millis < 0) throw wrong("--timeout is a time to wait, and " + millis + " ms is none");
    try (var control = control()) {
      control.ask(device.id, c -> c.quiesce(device.id, millis));
      print(control.device(device.id), device.json);
      return 0;
    }
  }

  // ---- Changes

  @Command(
      aliases = "update_size",
      mixinStandardHelpOptions = true,
      description = "Gives a disk that is in use another size. What it is made of must have it.")
  int resize(
      @Mixin OneDevice device,
      @Option(
              names = {"-s", "--size"},
              required = true,
              paramLabel = "SIZE",
              converter = ByteSize.class,
              description = "Bytes, or 512K, 256M, 1G.")
          long size) {
    if (size % 512 != 0)
      throw wrong("a disk is made of blocks of 512 bytes, and " + size + " is not");
    try (var control = control()) {
      control.ask(device.id, c -> c.resize(device.id, size));
      print(control.device(device.id), device.json);
      return 0;
    }
  }

  @Command(
      name = "set-affinity",
      aliases = "set_affinity",
      mixinStandardHelpOptions = true,
      description = "Has the thread that serves a queue run on these processors.")
  int setAffinity(
      @Mixin OneDevice device,
      @Option(
              names = {"-q", "--queue"},
              required = true,
              paramLabel = "QUEUE",
              description = "The queue, from 0.")
          int queue,
      @Option(
              names = "--cpuset",
              required = true,
              paramLabel = "CPUS",
              converter = CpuList.class,
              description = "As 0-3,7.")
          BitSet cpus) {
    try (var control = control()) {
      int thread = QueueThread.find(control.ask(c -> c.info(device.id)), queue);
      LinuxProcess.setAffinity(thread, cpus);
      List<Integer> list = cpus.stream().boxed().toList();
      Map<String, @Nullable Object> answer = new LinkedHashMap<>();
      answer.put("id", device.id);
      answer.put("queue", queue);
      answer.put("thread", thread);
      answer.put("cpus", list);
      print(
          device.json
              ? Json.of(answer)
              : "ublk%d queue %d, thread %d: processors %s"
                  .formatted(device.id, queue, thread, list));
      return 0;
    }
  }

  // ---- For udev

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Hands a file of a device to the user who added the device, if that is one without privileges; for udev.")
  int chown(
      @Parameters(paramLabel = "FILE", description = "As ublkc0 or ublkb0, in /dev.") String name) {
    Matcher file = FILE.matcher(name);
    if (!file.matches()) throw wrong("'" + name + "' is no file of a device, as ublkc0 or ublkb0");
    try (var control = control()) {
      DeviceInfo info = control.ask(c -> c.info(Integer.parseInt(file.group(1))));
      if (!info.has(Ublk.UBLK_F_UNPRIVILEGED_DEV)) return 0;
      Path path = Path.of("/dev", name);
      Files.setAttribute(path, "unix:gid", info.ownerGid());
      Files.setAttribute(path, "unix:uid", info.ownerUid());
      return 0;
    } catch (IOException e) {
      throw new ServeFailed("/dev/" + name + ": " + e, e);
    }
  }
}
