using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "with-node", worker = (
      modules = [(name = "worker", esModule = embed "bundle.js")],
      compatibilityDate = "2026-01-01",
      compatibilityFlags = ["nodejs_compat"],
      bindings = [
        (name = "SERVICE", text = "with-node"),
        (name = "TELLTALE_URL", fromEnvironment = "TELLTALE_URL"),
        (name = "TELLTALE_KEY", fromEnvironment = "TELLTALE_KEY"),
      ],
    )),
    (name = "without-node", worker = (
      modules = [(name = "worker", esModule = embed "bundle.js")],
      compatibilityDate = "2026-01-01",
      compatibilityFlags = ["no_nodejs_compat_v2"],
      bindings = [
        (name = "SERVICE", text = "without-node"),
        (name = "TELLTALE_URL", fromEnvironment = "TELLTALE_URL"),
        (name = "TELLTALE_KEY", fromEnvironment = "TELLTALE_KEY"),
      ],
    )),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
  sockets = [
    (name = "with-node", address = "127.0.0.1:0", http = (), service = "with-node"),
    (name = "without-node", address = "127.0.0.1:0", http = (), service = "without-node"),
  ],
);
