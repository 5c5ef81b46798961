package dev.ringshot.cli.serve;

import dev.ringshot.cli.KernelsUblk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// File systems on disks of Linux's own driver: made, filled, checked, and looked at again when
/// another server has the disk.
@Tag("linux")
@Tag("load")
@EnabledOnOs(OS.LINUX)
@ExtendWith(KernelsUblk.class)
@Timeout(600)
final class LinuxFileSystemTest {
  @TempDir private Path folder;

  private void serve(String script, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(folder.resolve("disk").toString()));
    words.addAll(List.of(options));
    var _ = ScriptRun.serve(folder, script, words);
  }

  @Test
  void ext4KeepsATree() throws IOException {
    keepsATree("ext4", "64M", "e2fsck -f -n", "batch", "copy");
  }

  @Tag("load")
  @ParameterizedTest
  @CsvSource({
    "ext4,64M,e2fsck -f -n,per-tag,user-copy",
    "ext4,64M,e2fsck -f -n,batch,zero-copy",
    "xfs,320M,xfs_repair -n,batch,copy",
    "xfs,320M,xfs_repair -n,per-tag,zero-copy"
  })
  void keepsATree(String type, String size, String check, String fetch, String data)
      throws IOException {
    Tool.need("mkfs." + type, check.split(" ", 2)[0]);
    serve(
        """
        mkfs.%s -q $device
        mkdir mnt
        mount -t %1$s $device mnt
        cp -R /usr/include/linux mnt/
        (cd mnt && find . -type f -exec sha256sum {} +) > sums
        umount mnt
        %s $device
        """
            .formatted(type, check),
        "--create",
        "--size",
        size,
        "--fetch",
        fetch,
        "--data",
        data);
    serve(
        """
        mount -t %s -o ro $device mnt
        (cd mnt && sha256sum --quiet -c ../sums)
        diff -r /usr/include/linux mnt/linux
        umount mnt
        %s $device
        """
            .formatted(type, check),
        "--read-only",
        "--fetch",
        fetch,
        "--data",
        data);
  }
}
