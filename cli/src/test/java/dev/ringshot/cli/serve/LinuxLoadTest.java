package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.JsonObject;
import dev.ringshot.cli.KernelsUblk;
import dev.ringshot.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Disks on Linux's own driver under fio, which reads back what it has written. `-Dringshot.load`
/// is how many MiB each of its jobs writes.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(1800)
final class LinuxLoadTest {
  private static final int LOAD = Integer.getInteger("ringshot.load", 1);
  private static final int JOBS = 2;

  @TempDir private Path folder;

  @BeforeEach
  void needFio() {
    Tool.need("fio");
  }

  /// Serves a disk while a script runs.
  ///
  /// @return what the queue has done
  private JsonObject serve(String target, String fetch, String data, String script)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("--json"));
    words.addAll(disk(target));
    words.addAll(List.of("--fetch", fetch, "--data", data));
    Run run = ScriptRun.serve(folder, script, words);
    return (JsonObject) JsonObject.of(run.out().getLast()).list("queues").getFirst();
  }

  private List<String> disk(String target) throws IOException {
    String size = LOAD * JOBS + "M";
    return switch (target) {
      case "null" -> List.of("--null", size);
      case "mem" -> List.of("--mem", size);
      case "file" -> List.of(folder.resolve("disk").toString(), "--create", "--size", size);
      default -> List.of("--target", stripe());
    };
  }

  private String stripe() throws IOException {
    var words = new StringBuilder("stripe:");
    for (int i = 0; i < 2; i++) {
      Path part = folder.resolve("part" + i);
      Files.write(part, new byte[(LOAD * JOBS) << 19]);
      words.append(part).append(',');
    }
    return words + "chunk=64K";
  }

  @ParameterizedTest
  @CsvSource({
    "null,batch,copy",
    "null,per-tag,user-copy",
    "null,batch,zero-copy",
    "mem,batch,copy",
    "mem,batch,user-copy",
    "mem,per-tag,copy",
    "mem,per-tag,user-copy",
    "file,batch,copy",
    "file,batch,user-copy",
    "file,batch,zero-copy",
    "file,per-tag,copy",
    "file,per-tag,user-copy",
    "file,per-tag,zero-copy",
    "stripe,batch,copy",
    "stripe,batch,user-copy",
    "stripe,batch,zero-copy",
    "stripe,per-tag,copy",
    "stripe,per-tag,user-copy",
    "stripe,per-tag,zero-copy"
  })
  void whatFioWritesItReadsAtEveryDepth(String target, String fetch, String data)
      throws IOException {
    String verify = target.equals("null") ? "" : "--verify=crc32c --verify_fatal=1";
    JsonObject done =
        serve(
            target,
            fetch,
            data,
            """
            for engine in libaio io_uring; do for depth in 1 32 128; do for jobs in 1 %d; do
              name=$engine-$depth-$jobs
              all="$all --name=$name --stonewall --ioengine=$engine --iodepth=$depth --numjobs=$jobs --randseed=$depth"
            done; done; done
            fio --filename=$device --direct=1 --thread --rw=randrw --bsrange=4k-32k --size=%dm --offset_increment=%2$dm \
              %s $all
            """
                .formatted(JOBS, LOAD, verify));
    assertEquals(0, done.number("errors"));
    long most = 2 * 3 * (1 + JOBS) * ((long) LOAD << 20);
    assertTrue(done.number("write_bytes") > most / 4, done::toString);
    assertTrue(done.number("read_bytes") > most / 4, done::toString);
  }

  /// A plain file gets the same by other means.
  @ParameterizedTest
  @CsvSource({
    "mem,batch,copy",
    "mem,per-tag,user-copy",
    "file,batch,user-copy",
    "file,per-tag,copy",
    "file,batch,zero-copy",
    "stripe,batch,copy",
    "stripe,per-tag,zero-copy"
  })
  void whatIsDiscardedOrZeroedIsZeros(String target, String fetch, String data) throws IOException {
    Tool.need("blkdiscard");
    JsonObject done =
        serve(
            target,
            fetch,
            data,
            """
            size=$(blockdev --getsize64 $device)
            zero() { dd if=/dev/zero of=want bs=4k seek=$1 count=$2 conv=notrunc status=none; }
            dd if=/dev/urandom of=want bs=64k count=$((size / 65536)) status=none
            dd if=want of=$device bs=64k oflag=direct status=none
            for begin in 1 40 93 170; do
              blkdiscard --offset $((begin * 4096)) --length 69632 $device
              zero $begin 17
              blkdiscard --zeroout --offset $((begin * 4096 + 86016)) --length 81920 $device
              zero $((begin + 21)) 20
            done
            fio --name=trim --filename=$device --direct=1 --thread --ioengine=libaio --iodepth=32 --numjobs=4 \
              --rw=randtrim --bs=16k --offset=1m --size=256k --offset_increment=256k
            zero 256 256
            blockdev --flushbufs $device
            cmp want $device
            """);
    // a file system below that cannot zero a range says so, and the block layer writes zeros
    if (target.equals("mem")) assertEquals(0, done.number("errors"));
    assertTrue(done.number("discard_requests") > 4, done::toString);
    assertTrue(done.number("write_zeroes_requests") >= 4, done::toString);
  }
}
