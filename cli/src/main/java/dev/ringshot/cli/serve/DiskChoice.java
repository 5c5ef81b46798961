package dev.ringshot.cli.serve;

import dev.ringshot.abi.Kernel;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.ublk.BlockTarget;
import dev.ringshot.ublk.target.FileTarget;
import dev.ringshot.ublk.target.MemTarget;
import dev.ringshot.ublk.target.NullTarget;
import dev.ringshot.ublk.target.ReadOnlyTarget;
import dev.ringshot.ublk.target.TargetSpec;
import java.util.List;
import java.util.function.Consumer;

/// What is served: the disk that the command line names, and what it puts before it.
///
/// @param base the disk
/// @param decorators put before it, the last of them outermost
/// @param isReadOnly whether nothing is written
/// @param loader of classes of the user's own
/// @param lines where `trace` goes
record DiskChoice(
    Base base,
    List<TargetSpec> decorators,
    boolean isReadOnly,
    ClassLoader loader,
    Consumer<String> lines) {

  /// What a disk is made of.
  sealed interface Base {}

  /// An image file.
  record Image(ImageFile file, ImageFile.Wish wish) implements Base {}

  /// Memory.
  record Memory(long size) implements Base {}

  /// Nothing.
  record Null(long size) implements Base {}

  /// What a specification, or a class of the user's, makes.
  record Other(TargetSpec spec) implements Base {}

  /// The target, and where it has data.
  record Disk(BlockTarget target, ExtentSource extents) {}

  /// In a few words.
  String description() {
    String words =
        switch (base) {
          case Image(var file, _) -> file.path();
          case Memory _ -> "memory";
          case Null _ -> "a disk that forgets";
          case Other(var spec) -> spec.name();
        };
    return isReadOnly ? words + ", read-only" : words;
  }

  /// Makes it.
  ///
  /// @throws RuntimeException with a message that says what is wrong
  Disk open(Kernel kernel) {
    Disk disk =
        switch (base) {
          case Image(var file, var wish) ->
              new Disk(FileTarget.open(kernel, file.path(), file.options(wish)), file.extents());
          case Memory(long size) -> ofMemory(new MemTarget(size));
          case Null(long size) -> new Disk(new NullTarget(size), ExtentSource.ALL_DATA);
          case Other(var spec) -> new Disk(spec.open(kernel, loader), ExtentSource.ALL_DATA);
        };
    BlockTarget target = disk.target;
    try {
      for (TargetSpec decorator : decorators) target = decorator.before(target, lines);
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
    boolean isOpenForWriting = !(base instanceof Image);
    if (isReadOnly && isOpenForWriting) target = new ReadOnlyTarget(target);
    return new Disk(target, disk.extents);
  }

  private static Disk ofMemory(MemTarget target) {
    return new Disk(target, new MemoryExtents(target));
  }
}
