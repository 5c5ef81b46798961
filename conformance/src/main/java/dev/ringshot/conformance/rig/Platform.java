package dev.ringshot.conformance.rig;

import dev.ringshot.abi.Kernel;
import dev.ringshot.model.Release;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A kernel under test and what belongs to it.
public interface Platform extends AutoCloseable {
  /// The command that a security module refuses with `-EACCES`, where there is one
  /// ([Need#REFUSAL]).
  int REFUSED_COMMAND = 0x5ec0de;

  /// As the command line names it: `linux`, `model:7.3`, ….
  String name();

  /// Whose behaviour the cases shall expect.
  Release release();

  /// The kernel itself.
  Kernel kernel();

  /// The other system calls of the same system.
  Host host();

  /// The disk of that name, `ublkb0`, which ends with the rig.
  Disk disk(Rig rig, String name);

  /// What this kernel would have to be for any case to be about it, or null.
  default @Nullable String ignorance() {
    return null;
  }

  /// Why `need` is not met here, or null if it is.
  @Nullable String lacks(Need need);

  /// Lets so much time pass where time passes only when somebody waits.
  default void rest(Duration time) {}

  @Override
  void close();
}
