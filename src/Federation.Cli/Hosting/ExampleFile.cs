namespace Federation.Cli.Hosting;

/// <summary>A file for an agent, to begin with.</summary>
internal static class ExampleFile
{
    /// <summary>The text for the agent of a client.</summary>
    public const string OfClient = """
        # The agent of a machine on an application's network: 'fedctl host run --config FILE', as root. The token: 'fedctl network join APP NAME > /etc/federation/client.token'.
        server: https://placement.example:8443     # several with commas: where one does not answer, the next is asked
        # tls: { authority: /etc/federation/ca.pem }
        tokenFile: /etc/federation/client.token
        state: /var/lib/federation-client          # its keys, and what it is
        # listen: 127.0.0.1:9475                   # status and metrics, for this machine only; or off
        client:
          mtu: 1500                                # the longest packet of this machine's line
          # lan: eth1                              # the interface to the machines behind it, whose addresses 'join --addresses' names
        """;

    /// <summary>The text for the agent of a host.</summary>
    public static string Of(string site, string host) => $$"""
        # The agent of one host: 'fedctl host run --config FILE'. The token: 'fedctl host add {{host}} --site {{site}} > /etc/federation/host.token'.
        site: {{site}}
        host: {{host}}
        server: https://placement.example:8443     # several with commas: where one does not answer, the next is asked
        # tls: { authority: /etc/federation/ca.pem, certificate: /etc/federation/host.pem, key: /etc/federation/host.key }
        tokenFile: /etc/federation/host.token
        state: /var/lib/federation-host            # the journal: orders and epochs that have to outlive a crash
        # listen: 127.0.0.1:9475                   # status and metrics, for this host only; or off
        # size: { vcpus: 16, memory: 64GiB, disk: 500GiB }    # what VMs may have in all; left out: what the machine has
        # network: { address: 10.0.0.1 }           # VMs are on their application's network, wherever they are; instead of 'bridge' below
        # One hypervisor: qemu, libvirt, plugIn or simulator.
        qemu:
          directory: /var/lib/federation-host/vms  # VMs and images
          address: 10.0.0.1                        # where other hosts reach this one for moves
          bridge: br0                              # where VMs' network interfaces are put
        """;
}
