namespace Federation.Cli.Hosting;

/// <summary>A file for a host's agent, to begin with.</summary>
internal static class ExampleFile
{
    /// <summary>Its text.</summary>
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
