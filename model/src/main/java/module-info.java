/// io_uring's kernel side in plain Java: rings, provided buffers, files and the driver API.
module dev.ringshot.model {
  requires transitive dev.ringshot.abi;
  requires static org.jspecify;

  exports dev.ringshot.model;
  exports dev.ringshot.model.block;
  exports dev.ringshot.model.ublk;
}
