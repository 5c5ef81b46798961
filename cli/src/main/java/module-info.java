/// The `ringshot` command.
module dev.ringshot.cli {
  requires dev.ringshot.abi;
  requires dev.ringshot.conformance;
  requires dev.ringshot.linux;
  requires dev.ringshot.model;
  requires dev.ringshot.nbd;
  requires dev.ringshot.ring;
  requires dev.ringshot.ublk;
  requires info.picocli;
  requires static org.jspecify;

  exports dev.ringshot.cli;
  exports dev.ringshot.cli.device;

  opens dev.ringshot.cli to
      info.picocli;
  opens dev.ringshot.cli.serve to
      info.picocli;
  opens dev.ringshot.cli.ublk to
      info.picocli;
}
