using System.Text.Json;
using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Yaml;
using Federation.Yaml.Quantities;

namespace Federation.Files.ApplicationFiles;

/// <summary>Writes what VMs start from and how they may move.</summary>
internal static class GuestWriter
{
    /// <summary>Writes the limits of live moves and how cold ones may be, as far as they are not the defaults.</summary>
    public static void WriteMoves(Utf8JsonWriter json, Application application)
    {
        if (application.Moves is var moves && moves != new MoveLimits())
        {
            json.WriteStartObject("moves");
            json.WriteUnlessNull("downtime", moves.Downtime is { } downtime ? Durations.Write(downtime) : null);
            json.WriteUnlessNull("duration", moves.Duration is { } duration ? Durations.Write(duration) : null);
            json.WriteBoolean("autoConverge", moves.AutoConverge);
            json.WriteUnlessNull("perDay", moves.PerDay);
            json.WriteString("whenMissed", ApplicationWords.Missed.Write(moves.WhenMissed));
            json.WriteEndObject();
        }

        if (application.ColdMoves is { } cold)
        {
            json.WriteStartObject("coldMoves");
            json.WriteString("lostWork", Durations.Write(cold.LostWork));
            json.WriteString("boot", Durations.Write(cold.Boot));
            json.WriteUnlessNull("downtime", cold.Downtime is { } longest ? Durations.Write(longest) : null);
            json.WriteEndObject();
        }

        if (application.Restarts is { } restarts)
        {
            json.WriteStartObject("restarts");
            json.WriteString("lostWork", Durations.Write(restarts.LostWork));
            json.WriteString("boot", Durations.Write(restarts.Boot));
            json.WriteEndObject();
        }

        if (application.Restart)
        {
            json.WriteBoolean("restart", true);
        }
    }

    /// <summary>Writes the keys of a VM that say what it starts from.</summary>
    public static void Write(Utf8JsonWriter json, VmGuest guest)
    {
        json.WriteUnlessNull("architecture", guest.Hardware.Architecture == new GuestHardware().Architecture ? null : guest.Hardware.Architecture);
        json.WriteUnlessNull("machine", guest.Hardware.Machine);
        json.WriteUnlessNull("cpuModel", guest.Hardware.CpuModel);
        if (guest.Kernel is { } kernel)
        {
            json.WriteStartObject("kernel");
            json.WriteString("image", kernel.Image);
            json.WriteUnlessNull("initrd", kernel.Initrd);
            json.WriteString("arguments", kernel.Arguments);
            json.WriteEndObject();
        }

        json.WriteListUnlessEmpty("disks", guest.Disks, WriteDisk);
        json.WriteListUnlessEmpty("nics", guest.Nics, WriteNic);
        json.WriteUnlessNull("userData", guest.UserData);
    }

    private static void WriteDisk(Utf8JsonWriter json, VmDisk disk)
    {
        json.WriteStartObject();
        json.WriteString("disk", disk.Name);
        json.WriteUnlessNull("image", disk.Image);
        json.WriteString("size", Sizes.Write(disk.SizeBytes));
        json.WriteUnlessNull("written", disk.WrittenBytes is { } written ? Sizes.Write(written) : null);
        json.WriteString("writeRate", Rates.WriteBytes(disk.WrittenBytesPerSecond));
        json.WriteEndObject();
    }

    private static void WriteNic(Utf8JsonWriter json, VmNic nic)
    {
        json.WriteStartObject();
        json.WriteUnlessNull("mac", nic.Mac?.ToString());
        json.WriteListUnlessEmpty("addresses", nic.Addresses, (inner, address) => inner.WriteStringValue(address.ToString()));
        json.WriteEndObject();
    }
}
