using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Federation.Domain.Identity;

namespace Federation.Domain.Guests;

/// <summary>The hardware address of a network interface to which none was given.</summary>
public static class DerivedMac
{
    /// <summary>Always the same for the same interface of the same VM, whatever life of its application's name; locally administered, for one receiver.</summary>
    /// <remarks>
    /// 45 bits of a hash: of 10,000 interfaces in one network two are alike once in 700,000 such networks. The first bit is 0, for libvirt gives a tap the
    /// address of its VM with 0xfe in front.
    /// </remarks>
    /// <param name="vm">The VM.</param>
    /// <param name="index">The interface's number, from 0.</param>
    public static string Of(VmRef vm, int index)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{vm.Application.Tenant}/{vm.Application.Name}/{vm.Vm}/{index}");
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 6);
        bytes[0] = (byte)((bytes[0] & 0x7C) | 0x02);
        return Address.Mac(bytes).ToString();
    }
}
