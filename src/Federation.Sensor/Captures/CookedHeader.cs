using PacketDotNet;

namespace Federation.Sensor.Captures;

/// <summary>Where a Linux cooked header keeps what is wanted of it, in bytes from its start.</summary>
/// <param name="Length">The header's length; the packet follows.</param>
/// <param name="TypePosition">The EtherType, 2 bytes.</param>
/// <param name="AddressLengthPosition">The low byte of the length of the sender's link-layer address.</param>
/// <param name="AddressPosition">The sender's link-layer address.</param>
internal readonly record struct CookedHeader(int Length, int TypePosition, int AddressLengthPosition, int AddressPosition)
{
    /// <summary>Version 1, what <c>tcpdump -i any</c> wrote for long.</summary>
    public static readonly CookedHeader Sll = new(
        LinuxSllFields.SLLHeaderLength,
        LinuxSllFields.EthernetProtocolTypePosition,
        LinuxSllFields.LinkLayerAddressLengthPosition + 1,
        LinuxSllFields.LinkLayerAddressPosition);

    /// <summary>Version 2, what it writes now.</summary>
    public static readonly CookedHeader Sll2 = new(
        LinuxSll2Fields.SLL2HeaderLength,
        LinuxSll2Fields.EthernetProtocolTypePosition,
        LinuxSll2Fields.LinkLayerAddressLengthPosition,
        LinuxSll2Fields.LinkLayerAddressPosition);
}
