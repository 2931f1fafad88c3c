using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Files.Images;
using Federation.Files.SiteFiles;
using Federation.Yaml;
using Federation.Yaml.Quantities;

namespace Federation.Files.ApplicationFiles;

/// <summary>Writes an application as JSON of the shape of its file; VMs one by one, never in the short form.</summary>
internal static class ApplicationWriter
{
    /// <summary>Writes one object. What is empty or null is left out; all else is written, defaults too.</summary>
    public static void Write(Utf8JsonWriter json, Application application)
    {
        json.WriteStartObject();
        json.WriteString("application", application.Id.Name);
        json.WriteString("tenant", application.Tenant.Value);
        json.WriteString("objective", ApplicationWords.Objectives.Write(application.Objective));
        json.WriteUnlessNull("deadline", Written(application.Deadline));
        json.WriteUnlessNull("budget", application.Budget);
        json.WriteUnlessNull("budgetPerHour", application.BudgetPerHour);
        json.WriteUnlessNull("carbonPrice", application.CarbonPrice);
        json.WriteString("remaining", Durations.Write(application.Remaining));
        json.WriteNumber("overlap", application.Overlap);
        json.WriteUnlessNull("packetsPerExchange", application.PacketsPerExchange);
        json.WriteNumber("margin", application.Margin);
        json.WriteNumber("movingMargin", application.MovingMargin);
        json.WriteNumber("predictionError", application.PredictionError);
        json.WriteNumber("harmLimit", application.HarmLimit);
        json.WriteUnlessNull("retention", Written(application.Retention));
        json.WriteListUnlessEmpty("endpoints", application.Endpoints, WriteEndpoint);
        json.WriteUnlessNull("network", application.Network);
        json.WriteUnlessNull("subnet", application.Subnet?.ToString());
        json.WriteStartObject("detection");
        json.WriteString("detector", ApplicationWords.Detectors.Write(application.Detection.Detector));
        json.WriteString("metric", ApplicationWords.Metrics.Write(new(application.Detection.Metric)));
        json.WriteEndObject();
        ImageFiles.Write(json, application.Images);
        GuestWriter.WriteMoves(json, application);
        json.WriteListUnlessEmpty("without", application.Without, (inner, site) => inner.WriteStringValue(site.Value));
        json.WriteListUnlessEmpty("quiet", application.Quiet, SiteWriter.WriteArrivals);
        json.WriteListUnlessEmpty("prefer", application.Prefer, WritePreference);
        json.WriteListUnlessEmpty("together", application.Together, (inner, vms) => WriteNames(inner, vms));
        json.WriteListUnlessEmpty("apart", application.Apart, WriteSpread);
        json.WriteList("vms", application.Vms, WriteVm);
        json.WriteEndObject();
    }

    private static string? Written(TimeSpan? span) => span is { } value ? Durations.Write(value) : null;

    private static void WriteEndpoint(Utf8JsonWriter json, Endpoint endpoint)
    {
        json.WriteStartObject();
        json.WriteString("name", endpoint.Name);
        json.WriteListUnlessEmpty("addresses", endpoint.Addresses, (inner, address) => inner.WriteStringValue(address.ToString()));
        json.WriteString("site", endpoint.Site.Value);
        json.WriteEndObject();
    }

    private static void WritePreference(Utf8JsonWriter json, Preference preference)
    {
        json.WriteStartObject();
        json.WriteListUnlessEmpty("vms", preference.Vms, (inner, vm) => inner.WriteStringValue(vm.Value));
        json.WriteListUnlessEmpty("sites", preference.Sites, (inner, site) => inner.WriteStringValue(site.Value));
        json.WriteNumber("pricePerHour", preference.PricePerHour);
        json.WriteEndObject();
    }

    private static void WriteSpread(Utf8JsonWriter json, Spread spread)
    {
        json.WriteStartObject();
        json.WritePropertyName("vms");
        WriteNames(json, spread.Vms);
        json.WriteNumber("sites", spread.Sites);
        if (spread.MostAtOne is { } most)
        {
            json.WriteNumber("atMost", most);
        }

        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, ImmutableArray<VmId> vms)
    {
        json.WriteStartArray();
        foreach (var vm in vms)
        {
            json.WriteStringValue(vm.Value);
        }

        json.WriteEndArray();
    }

    private static void WriteVm(Utf8JsonWriter json, VmSpec vm)
    {
        json.WriteStartObject();
        json.WriteString("vm", vm.Id.Value);
        json.WriteListUnlessEmpty("addresses", vm.Addresses, (inner, address) => inner.WriteStringValue(address.ToString()));
        json.WriteNumber("vcpus", vm.Vcpus);
        json.WriteString("memory", Sizes.Write(vm.MemoryBytes));
        json.WriteString("dirtyRate", Rates.WriteBytes(vm.DirtyBytesPerSecond));
        if (vm.Guest is { } guest)
        {
            GuestWriter.Write(json, guest);
        }

        json.WriteUnlessNull("public", vm.Public?.ToString());
        if (vm.At is { } at)
        {
            json.WriteStartObject("at");
            json.WriteString("site", at.Site.Value);
            json.WriteString("offer", at.Offer);
            json.WriteEndObject();
        }

        json.WriteListUnlessEmpty("residency", vm.Residency, (inner, tag) => inner.WriteStringValue(tag));
        json.WriteListUnlessEmpty("sites", vm.Sites ?? [], (inner, site) => inner.WriteStringValue(site.Value));
        json.WriteEndObject();
    }
}
