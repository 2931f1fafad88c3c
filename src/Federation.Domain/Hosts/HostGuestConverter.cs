using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Domain.Hosts;

/// <summary>Reads what an agent tells of a VM, also one of a newer release that tells what this service does not know.</summary>
/// <remarks>Then the VM is taken for silent: it may do anything. It is never taken for gone, and says nothing against the host's other VMs.</remarks>
internal sealed class HostGuestConverter : JsonConverter<HostGuest>
{
    public override HostGuest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var told = JsonDocument.ParseValue(ref reader);
        try
        {
            var whole = told.Deserialize<Whole>(options)!;
            return new(whole.Sighting, whole.Epoch);
        }
        catch (JsonException fault)
        {
            var least = told.Deserialize<Least>(options)!;
            var remark = $"this service is older than the host's agent and cannot read what it tells of the VM ({fault.Path}): upgrade the service";
            return new(new(least.Sighting.Vm, GuestState.Silent, Remark: remark), least.Epoch);
        }
    }

    public override void Write(Utf8JsonWriter writer, HostGuest value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Whole(value.Sighting, value.Epoch), options);

    private sealed record Whole(GuestSighting Sighting, long Epoch);

    // What has to be readable, or it is not known which VM it is about.
    private sealed record Least(Named Sighting, long Epoch);

    private readonly record struct Named(VmRef Vm);
}
