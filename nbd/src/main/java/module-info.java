/// Block devices of the model for NBD clients: a server of the network block device protocol.
module dev.ringshot.nbd {
  requires transitive dev.ringshot.model;
  requires static org.jspecify;

  exports dev.ringshot.nbd;
}
