using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;

namespace Federation.Host.Linking;

/// <summary>Reads orders one by one: a service of a newer release may order what this agent does not know, and everything else beside it.</summary>
internal static class OrdersReading
{
    /// <summary>The orders, and the answers to those that cannot be read.</summary>
    /// <exception cref="JsonException">It holds no orders at all.</exception>
    public static (HostOrders Orders, ImmutableArray<HostAnswer> Unread) Read(byte[] body)
    {
        var letter = JsonSerializer.Deserialize<Letter>(body, DomainJson.Options) is { Orders.IsDefault: false, Host: not null } read ? read : throw new JsonException("it holds no orders");
        var orders = ImmutableArray.CreateBuilder<HostOrder>();
        var unread = ImmutableArray.CreateBuilder<HostAnswer>();
        foreach (var element in letter.Orders)
        {
            try
            {
                orders.Add(element.Deserialize<HostOrder>(DomainJson.Options) ?? throw new JsonException("null"));
            }
            catch (Exception fault) when (fault is JsonException or NotSupportedException or FormatException)
            {
                // One that does not even say its name cannot be answered.
                if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("operation", out var operation) && operation.GetString() is { } name)
                {
                    unread.Add(new(name, HostOutcome.Refused, $"this agent is older than the service, and cannot read the order: {fault.Message}"));
                }
            }
        }

        return (new(letter.Site, letter.Host, orders.ToImmutable()) { Mailbox = letter.Mailbox, Last = letter.Last }, unread.ToImmutable());
    }

    private sealed record Letter(SiteId Site, string Host, ImmutableArray<JsonElement> Orders, Guid Mailbox, long Last);
}
