namespace Federation.Sensor.Headers;

/// <summary>Numbers that say what follows in a frame (IEEE 802, registration authority).</summary>
internal static class EtherTypes
{
    public const int IPv4 = 0x0800;
    public const int IPv6 = 0x86DD;
    public const int Vlan = 0x8100;
    public const int ProviderVlan = 0x88A8;
    public const int OldProviderVlan = 0x9100;
    public const int OlderProviderVlan = 0x9200;
    public const int MplsUnicast = 0x8847;
    public const int MplsMulticast = 0x8848;
    public const int PppoeSession = 0x8864;
    public const int Ethernet = 0x6558;
    public const int Macsec = 0x88E5;

    /// <summary>Below it the field is the length of a frame with an LLC header.</summary>
    public const int Least = 0x0600;

    /// <summary>A name that readers of captures know; null for other numbers.</summary>
    public static string? NameOf(int type) => type switch
    {
        0x0806 => "ARP",
        0x8035 => "RARP",
        0x2000 => "CDP",
        0x22F3 => "TRILL",
        0x22EA => "SRP",
        0x6002 => "DECnet MOP",
        0x6003 => "DECnet",
        0x6004 => "DEC LAT",
        0x809B => "AppleTalk",
        0x80F3 => "AppleTalk ARP",
        0x8137 or 0x8138 => "IPX",
        0x8808 => "Ethernet flow control",
        0x8809 => "slow protocols (LACP, OAM)",
        0x8863 => "PPPoE discovery",
        0x8870 => "jumbo LLC",
        0x888E => "802.1X (EAPOL)",
        0x8892 => "PROFINET",
        0x88A2 => "ATA over Ethernet",
        0x88A4 => "EtherCAT",
        0x88B8 => "GOOSE",
        0x88CC => "LLDP",
        0x88E1 => "HomePlug",
        0x88E5 => "MACsec",
        0x88E7 => "provider backbone bridge (802.1ah)",
        0x88F5 => "MVRP",
        0x88F7 => "PTP",
        0x8902 => "connectivity fault management",
        0x8906 => "Fibre Channel over Ethernet",
        0x8914 => "FCoE initialization",
        0x8915 => "RoCE",
        0x891D => "TTEthernet",
        0x893A => "IEEE 1905.1",
        0x9000 => "Ethernet loopback test",
        _ => null,
    };
}
