package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.linux.LinuxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The clients that people have, on disks that `ringshot serve` serves.
@EnabledOnOs(OS.LINUX)
@Timeout(300)
final class ServeClientsTest {
  @TempDir private Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void serve(String script, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("--kernel", "model"));
    words.addAll(List.of(options));
    var _ = ScriptRun.serve(folder, script, words);
  }

  @ParameterizedTest
  @CsvSource({
    "batch,copy",
    "batch,user-copy",
    "per-tag,copy",
    "per-tag,user-copy",
    "batch,zero-copy"
  })
  void copiesPatternsAndVerifiedWritesHoldInEveryMode(String fetch, String data) throws Exception {
    Tool.need("nbdcopy", "qemu-io", "fio", "cmp");
    Tool.run("dd", "if=/dev/urandom", "of=" + path("from"), "bs=1M", "count=32", "status=none");
    serve(
        """
        nbdcopy --flush from "$uri"
        nbdcopy "$uri" to
        cmp from to
        qemu-io -f raw -c 'write -P 0xab 1M 64k' -c 'write -z 1088k 64k' -c 'discard 2M 1M' \
          -c 'write -f -P 7 4M 4k' -c flush -c 'read -P 0xab 1M 64k' -c 'read -P 0 1088k 64k' \
          -c 'read -P 0 2M 1M' -c 'read -P 7 4M 4k' "$uri" > patterns
        if grep -i fail patterns; then exit 1; fi
        fio --name=verify --ioengine=nbd --uri="$uri" --rw=randrw --bs=4k --iodepth=32 --numjobs=4 \
          --offset_increment=8m --size=8m --io_size=4m --verify=crc32c --verify_fatal=1 \
          --verify_state_save=0 --group_reporting
        """,
        path("disk"),
        "--create",
        "--size",
        "32M",
        "--queues",
        "2",
        "--depth",
        "32",
        "--fetch",
        fetch,
        "--data",
        data);
  }

  @Test
  void mapIsThatOfTheFile() throws Exception {
    Tool.need("nbdinfo", "qemu-io");
    serve(
        """
        qemu-io -f raw -c 'write -P 1 1M 1M' -c 'write -P 1 8M 1M' -c 'discard 1280k 256k' \
          -c 'write -z -u 8M 64k' -c flush "$uri"
        nbdinfo --map "$uri" > map
        """,
        path("disk"),
        "--create",
        "--size",
        "16M");
    List<String> map = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("map"))) {
      String[] words = line.strip().split(" +", -1);
      map.add(words[0] + " " + words[1] + " " + (words[2].equals("0") ? "data" : "hole"));
    }
    assertEquals(extents(path("disk")), map);
    assertTrue(map.size() >= 5, map::toString);
  }

  private static List<String> extents(String path) {
    var files = new LinuxFiles();
    int file = files.open(path, Fcntl.O_RDONLY, 0);
    long size = files.size(file);
    List<String> extents = new ArrayList<>();
    for (long at = 0; at < size; ) {
      long data = files.seek(file, at, Fcntl.SEEK_DATA);
      boolean isData = data == at;
      long end = isData ? files.seek(file, at, Fcntl.SEEK_HOLE) : data < 0 ? size : data;
      extents.add(at + " " + (end - at) + (isData ? " data" : " hole"));
      at = end;
    }
    files.close(file);
    return extents;
  }

  @Test
  void imagesOfAFileSystemAndOfQcow2AreTheSameAfterwards() throws Exception {
    Tool.need("qemu-img", "mkfs.ext4", "e2fsck");
    serve(
        """
        PATH=$PATH:/usr/sbin:/sbin
        truncate -s 64M ext4 && mkfs.ext4 -q ext4
        qemu-img convert -n -f raw -O raw ext4 "$uri"
        qemu-img compare -f raw -F raw ext4 "$uri"
        qemu-img convert -f raw -O qcow2 ext4 qcow2
        qemu-img convert -n -f qcow2 -O raw qcow2 "$uri"
        qemu-img compare -f qcow2 -F raw qcow2 "$uri"
        """,
        path("disk"),
        "--create",
        "--size",
        "64M");
    Tool.run("/usr/sbin/e2fsck", "-f", "-n", path("disk"));
  }

  @Test
  void everyAcknowledgedWriteIsVerifiedOnMemoryNullAndStripes() throws Exception {
    Tool.need("fio");
    String verify =
        """
        fio --name=verify --ioengine=nbd --uri="$uri" --rw=randwrite --bs=4k --iodepth=32 \
          --size=16m --verify=crc32c --verify_fatal=1 --verify_state_save=0
        """;
    serve(verify, "--mem", "16M");
    for (String name : List.of("a", "b", "c")) Files.write(folder.resolve(name), new byte[8 << 20]);
    String stripe = "stripe:" + path("a") + "," + path("b") + "," + path("c") + ",chunk=8K";
    serve(verify, "--target", stripe);
    serve(
        "fio --name=any --ioengine=nbd --uri=\"$uri\" --rw=randrw --bs=4k --iodepth=32 --size=16m",
        "--null",
        "16M");
  }

  @Test
  void readOnlyDiskTakesNoWrites() throws Exception {
    Tool.need("nbdinfo", "qemu-io");
    Files.write(folder.resolve("disk"), new byte[1 << 20]);
    serve(
        """
        nbdinfo --is read-only "$uri"
        if qemu-io -f raw -c 'write 0 4k' "$uri"; then exit 1; fi
        qemu-io -r -f raw -c 'read -P 0 0 1M' "$uri"
        """,
        path("disk"),
        "--read-only");
  }

  @Test
  void faultsReachTheClient() throws Exception {
    Tool.need("qemu-io");
    serve(
        "if qemu-io -f raw -c 'write 0 4k' \"$uri\" > out 2>&1; then exit 1; fi; grep 'No space left' out",
        "--mem",
        "1M",
        "--with",
        "faulty:write=1,errno=ENOSPC");
  }
}
