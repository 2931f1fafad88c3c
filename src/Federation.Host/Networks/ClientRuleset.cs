using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>What nftables is told at a client: between the segment and other networks of the machine nothing passes but what is of machines behind it.</summary>
internal static class ClientRuleset
{
    private const string Table = "federation_client";
    private const string Set = "behind";

    /// <summary>Takes all of it away.</summary>
    public const string Nothing = $"table inet {Table}\ndelete table inet {Table}\n";

    /// <summary>The rules; what is behind the machine stays.</summary>
    /// <param name="lan">The interface to the machines behind it; null: there are none.</param>
    public static string Base(string? lan) => $$"""
        table inet {{Table}} {
          set {{Set}} { type ipv4_addr; }
          chain through { type filter hook forward priority 0; }
        }
        flush chain inet {{Table}} through
        table inet {{Table}} {
          chain through {
            {{(lan is null ? "" : $"iifname \"{DeviceNames.ClientPrefix}*\" oifname \"{lan}\" ip daddr @{Set} accept")}}
            {{(lan is null ? "" : $"iifname \"{lan}\" oifname \"{DeviceNames.ClientPrefix}*\" ip saddr @{Set} accept")}}
            iifname "{{DeviceNames.ClientPrefix}}*" drop
            oifname "{{DeviceNames.ClientPrefix}}*" drop
          }
        }

        """;

    /// <summary>Says which machines are behind it.</summary>
    public static string Behind(IReadOnlyCollection<Address> addresses) =>
        $"flush set inet {Table} {Set}\nadd element inet {Table} {Set} {{ {string.Join(", ", addresses)} }}\n";
}
