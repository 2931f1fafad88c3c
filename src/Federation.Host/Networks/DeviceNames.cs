using System.Globalization;

namespace Federation.Host.Networks;

/// <summary>What a segment's devices are called on a host: at most 15 characters, from the segment's number.</summary>
internal static class DeviceNames
{
    /// <summary>What the name of every tap of a VM begins with.</summary>
    public const string TapPrefix = "fv";

    /// <summary>What the name of every bridge begins with.</summary>
    public const string BridgePrefix = "fb";

    /// <summary>What the name of every tunnel's end begins with.</summary>
    public const string TunnelPrefix = "fx";

    /// <summary>What the name of every router of a gateway begins with.</summary>
    public const string RouterPrefix = "fh";

    /// <summary>The router of a gateway, on the host's side.</summary>
    public static string Router(int vni) => RouterPrefix + Digits(vni);

    /// <summary>The port of the bridge that the router is behind.</summary>
    public static string RouterPort(int vni) => "fg" + Digits(vni);

    /// <summary>What the name of every interface of a client on a segment begins with.</summary>
    public const string ClientPrefix = "fc";

    /// <summary>The interface of a client on a segment, on the machine's side.</summary>
    public static string ClientEnd(int vni) => ClientPrefix + Digits(vni);

    /// <summary>The port of the bridge that a client's interface is behind: it is held to its addresses as a tap.</summary>
    public static string ClientPort(int vni) => TapPrefix + "c" + Digits(vni);

    /// <summary>Of which segment a router is; null: it is none of ours.</summary>
    public static int? RoutedVniOf(string name) =>
        name.StartsWith(RouterPrefix, StringComparison.Ordinal) && VniOf(BridgePrefix + name[RouterPrefix.Length..]) is { } vni ? vni : null;

    /// <summary>The bridge.</summary>
    public static string Bridge(int vni) => BridgePrefix + Digits(vni);

    /// <summary>The end of the tunnels to the other hosts.</summary>
    public static string Tunnel(int vni) => TunnelPrefix + Digits(vni);

    /// <summary>The bridge's hardware address: one that changed with its ports would make the kernel forget what is written in it.</summary>
    public static string BridgeMac(int vni) => Mac("02:fb", vni);

    /// <summary>The hardware address of the end of the tunnels.</summary>
    public static string TunnelMac(int vni) => Mac("06:fb", vni);

    /// <summary>Of which segment a bridge is; null: it is none of ours.</summary>
    public static int? VniOf(string name) =>
        name.Length == BridgePrefix.Length + 6 && name.StartsWith(BridgePrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(BridgePrefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var vni) && Bridge(vni) == name
            ? vni
            : null;

    private static string Digits(int vni) => vni.ToString("x6", CultureInfo.InvariantCulture);

    private static string Mac(string first, int vni) => string.Create(CultureInfo.InvariantCulture, $"{first}:00:{vni >> 16:x2}:{(vni >> 8) & 0xff:x2}:{vni & 0xff:x2}");
}
