using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Domain.Groups;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Json;

/// <summary>The one way in which domain types become JSON: on the wire between grains, in stored grain state, and in the API.</summary>
/// <remarks>
/// Names in camelCase, enumerations as their names in camelCase, identifiers, addresses, windows and time zones as text. What is written
/// reads back equal. Sites' and applications' own files have another, hand-written form.
/// </remarks>
public static class DomainJson
{
    /// <summary>The options, on one line.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The options, for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>Gives options the domain's converters and naming.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = true;
        // Else the text "NaN" is taken for a number that is in no range and out of none.
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new TextConverter<VmId>(id => id.Value, text => new(text)));
        options.Converters.Add(new TextConverter<SiteId>(id => id.Value, text => new(text)));
        options.Converters.Add(new TextConverter<AppId>(id => id.Key, AppId.Parse));
        options.Converters.Add(new TextConverter<PlanId>(id => id.Key, PlanId.Parse));
        options.Converters.Add(new TextConverter<MigrationId>(id => id.Key, MigrationId.Parse));
        options.Converters.Add(new TextConverter<ReservationId>(id => id.Key, ReservationId.Parse));
        options.Converters.Add(new TextConverter<TenantId>(id => id.Value, text => new(text)));
        options.Converters.Add(new TextConverter<GroupId>(id => id.Value, text => new(text)));
        options.Converters.Add(new TextConverter<VmRef>(vm => vm.Key, VmRef.Parse));
        options.Converters.Add(new TextConverter<Address>(address => address.ToString(), Address.Parse));
        options.Converters.Add(new TextConverter<VtepId>(host => host.ToString(), VtepId.Parse));
        options.Converters.Add(new TextConverter<SegmentPort>(port => port.Key, SegmentPort.Parse));
        options.Converters.Add(new TextConverter<Subnet>(subnet => subnet.ToString(), Subnet.Parse));
        options.Converters.Add(new TextConverter<PublicRange>(range => range.ToString(), PublicRange.Parse));
        options.Converters.Add(new TextConverter<PublicWish>(wish => wish.ToString(), PublicWish.Parse));
        options.Converters.Add(new TextConverter<Window>(window => window.ToString(), ParseWindow));
        options.Converters.Add(new TextConverter<AnswerForm>(form => form.ToString()!, ParseForm));
        options.Converters.Add(new TextConverter<TimeZoneInfo>(zone => zone.Id, TimeZoneInfo.FindSystemTimeZoneById));
        options.Converters.Add(new PriceScheduleConverter());
        options.Converters.Add(new TrafficMatrixConverter());
    }

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions { WriteIndented = indented };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private static AnswerForm ParseForm(string text) =>
        AnswerForm.TryParse(text, out var form) ? form : throw new FormatException($"'{text}' is none of detailed, mean, weighted=2");

    private static Window ParseWindow(string text) =>
        DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var start)
        && Window.TryStartingAt(start, out var window)
            ? window
            : throw new FormatException($"'{text}' is not the start of a window: hh:mm:00 or hh:mm:30 UTC");
}
