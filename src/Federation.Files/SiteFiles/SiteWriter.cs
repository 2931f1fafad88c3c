using System.Text.Json;
using Federation.Domain.Sites;
using Federation.Files.Images;
using Federation.Yaml;
using Federation.Yaml.Quantities;

namespace Federation.Files.SiteFiles;

/// <summary>Writes a site as JSON of the shape of its file.</summary>
internal static class SiteWriter
{
    /// <summary>Writes one object. What is empty or null is left out; all else is written, defaults too.</summary>
    public static void Write(Utf8JsonWriter json, Site site)
    {
        json.WriteStartObject();
        json.WriteString("site", site.Id.Value);
        json.WriteString("kind", SiteWords.Kinds.Write(site.Kind));
        json.WriteString("region", site.Region);
        json.WriteString("currency", site.Currency);
        json.WriteList("offers", site.Offers, WriteOffer);
        WriteBilling(json, site.Billing);
        if (site.Energy is { } energy)
        {
            json.WriteStartObject("energy");
            json.WriteNumber("wattsPerVcpu", energy.WattsPerVcpu);
            json.WriteUnlessNull("wattsPerHost", energy.WattsPerHost);
            WriteSteps(json, "gramsPerKWh", "grams", energy.GramsPerKWh);
            json.WriteEndObject();
        }

        WriteNetwork(json, site.Network);
        WriteLinks(json, site);
        WriteCapacity(json, site.Capacity);
        json.WriteListUnlessEmpty("quotas", site.Quotas, WriteQuota);
        json.WriteListUnlessEmpty("availability", site.Availability, WriteAvailability);
        ImageFiles.Write(json, site.Images);
        WritePolicy(json, site.Policy);
        json.WriteEndObject();
    }

    private static void WriteOffer(Utf8JsonWriter json, Offer offer)
    {
        json.WriteStartObject();
        json.WriteString("name", offer.Name);
        json.WriteNumber("vcpus", offer.Vcpus);
        json.WriteString("memory", Sizes.Write(offer.MemoryBytes));
        json.WriteNumber("speed", offer.Speed);
        json.WriteUnlessNull("available", offer.Available);
        WriteSteps(json, "price", "perHour", offer.Price);
        json.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter json, string name, string key, PriceSchedule steps)
    {
        var first = steps.Entries[0];
        if (steps.Entries.Length == 1 && first.From == DateTimeOffset.MinValue)
        {
            json.WriteNumber(name, first.PerHour);
            return;
        }

        json.WriteList(name, steps.Entries, (inner, entry) =>
        {
            inner.WriteStartObject();
            inner.WriteString("from", Times.Write(entry.From));
            inner.WriteNumber(key, entry.PerHour);
            inner.WriteEndObject();
        });
    }

    private static void WriteBilling(Utf8JsonWriter json, Billing billing)
    {
        json.WriteStartObject("billing");
        json.WriteString("increment", Durations.Write(billing.Increment));
        json.WriteString("minimum", Durations.Write(billing.Minimum));
        json.WriteEndObject();
    }

    private static void WriteNetwork(Utf8JsonWriter json, SiteNetwork network)
    {
        json.WriteStartObject("network");
        json.WriteString("latency", Durations.Write(network.LatencySeconds));
        json.WriteString("bandwidth", Rates.WriteBits(network.BytesPerSecond));
        json.WriteNumber("internetEgressPerGB", network.InternetEgressPerGB);
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, Site site)
    {
        if (site.Links.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("links");
        foreach (var (to, link) in site.Links)
        {
            json.WriteStartObject(to.Value);
            json.WriteString("latency", Durations.Write(link.LatencySeconds));
            json.WriteString("bandwidth", Rates.WriteBits(link.BytesPerSecond));
            json.WriteNumber("egressPerGB", link.EgressPerGB);
            json.WriteUnlessNull("encryption", link.Encryption == LinkEncryption.Off ? null : SiteWords.Encryptions.Write(link.Encryption));
            json.WriteUnlessNull("encryptedBandwidth", link.EncryptedBytesPerSecond is { } encrypted ? Rates.WriteBits(encrypted) : null);
            json.WriteUnlessNull("path", link.Path == LinkPath.Direct ? null : SiteWords.Paths.Write(link.Path));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteCapacity(Utf8JsonWriter json, SiteCapacity? capacity)
    {
        if (capacity is null)
        {
            return;
        }

        json.WriteStartObject("capacity");
        json.WriteUnlessNull("vcpus", capacity.Vcpus);
        json.WriteUnlessNull("memory", capacity.MemoryBytes is { } bytes ? Sizes.Write(bytes) : null);
        json.WriteUnlessNull("vms", capacity.Vms);
        json.WriteNumber("headroom", capacity.Headroom);
        json.WriteEndObject();
    }

    private static void WriteQuota(Utf8JsonWriter json, Quota quota)
    {
        json.WriteStartObject();
        json.WriteString("tenant", quota.Tenant);
        json.WriteUnlessNull("vcpus", quota.Vcpus);
        json.WriteUnlessNull("memory", quota.MemoryBytes is { } bytes ? Sizes.Write(bytes) : null);
        json.WriteUnlessNull("vms", quota.Vms);
        json.WriteUnlessNull("coreHours", quota.CoreHours);
        json.WriteEndObject();
    }

    private static void WriteAvailability(Utf8JsonWriter json, Availability interval)
    {
        json.WriteStartObject();
        json.WriteString("from", Times.Write(interval.From));
        json.WriteString("until", Times.Write(interval.Until));
        json.WriteEndObject();
    }

    private static void WritePolicy(Utf8JsonWriter json, SitePolicy policy)
    {
        json.WriteStartObject("policy");
        json.WriteListUnlessEmpty("tenants", policy.Tenants, (inner, tenant) => inner.WriteStringValue(tenant));
        json.WriteListUnlessEmpty("residency", policy.Residency, (inner, tag) => inner.WriteStringValue(tag));
        if (policy.MigrationsIn is not null || policy.MigrationsOut is not null)
        {
            json.WriteStartObject("migrations");
            json.WriteUnlessNull("in", policy.MigrationsIn);
            json.WriteUnlessNull("out", policy.MigrationsOut);
            json.WriteEndObject();
        }

        WriteMoves(json, policy.Moves);
        json.WriteListUnlessEmpty("arrivals", policy.Arrivals, WriteArrivals);
        json.WriteListUnlessEmpty("departures", policy.Departures, WriteArrivals);
        json.WriteString("approval", SiteWords.Approvals.Write(policy.ManualApproval));
        json.WriteString("departureApproval", SiteWords.Approvals.Write(policy.ManualDepartures));
        json.WriteEndObject();
    }

    private static void WriteMoves(Utf8JsonWriter json, SiteMoves moves)
    {
        if (moves == new SiteMoves())
        {
            return;
        }

        json.WriteStartObject("moves");
        json.WriteBoolean("live", moves.Live);
        json.WriteUnlessNull("bandwidth", moves.BytesPerSecond is { } rate ? Rates.WriteBits(rate) : null);
        json.WriteUnlessNull("downtime", moves.Downtime is { } downtime ? Durations.Write(downtime) : null);
        json.WriteUnlessNull("duration", moves.Duration is { } duration ? Durations.Write(duration) : null);
        json.WriteBoolean("autoConverge", moves.AutoConverge);
        json.WriteEndObject();
    }

    /// <summary>A part of the week.</summary>
    public static void WriteArrivals(Utf8JsonWriter json, ArrivalWindow window)
    {
        json.WriteStartObject();
        json.WriteUnlessNull("days", window.Days.IsEmpty ? null : DaysOfWeek.Write(window.Days));
        json.WriteString("from", Times.Write(window.From));
        json.WriteString("until", Times.Write(window.Until));
        json.WriteString("zone", window.Zone.Id);
        json.WriteEndObject();
    }
}
