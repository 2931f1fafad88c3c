using System.Net;
using System.Net.Sockets;
using Federation.Silo.Settings;

namespace Federation.Silo.Hosting;

/// <summary>Looks whether the service can listen where it is told to, before it has begun with anything.</summary>
internal static class ListeningPorts
{
    /// <summary>Listens for a moment at each address.</summary>
    /// <param name="options">The silo's address and ports.</param>
    /// <param name="urls">The API's addresses, with semicolons between them.</param>
    /// <exception cref="RefusedStartException">At one of them the service cannot listen.</exception>
    public static void Check(ServiceOptions options, string urls)
    {
        if (!IPAddress.TryParse(options.Address, out var address))
        {
            throw new RefusedStartException($"Setting Federation:Address is '{options.Address}', which is no IP address: name one of this machine.");
        }

        Check("Federation:SiloPort", new(address, options.SiloPort));
        Check("Federation:GatewayPort", new(address, options.GatewayPort));
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (EndpointOf(url) is { } endpoint)
            {
                Check("--urls", endpoint);
            }
        }
    }

    // Null: no port of a machine's address, such as a socket's file.
    private static IPEndPoint? EndpointOf(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.IsUnixPipe || address.IsNamedPipe ? null
                : IPAddress.TryParse(address.Host.Trim('[', ']'), out var named) ? new(named, address.Port)
                : new(address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any, address.Port);
        }
        catch (FormatException fault)
        {
            throw new RefusedStartException($"'{url}' of --urls is no address such as http://127.0.0.1:8080: {fault.Message}", fault);
        }
    }

    private static void Check(string setting, IPEndPoint endpoint)
    {
        if (endpoint.Port == 0)
        {
            return;
        }

        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
        }
        catch (SocketException fault)
        {
            throw new RefusedStartException(
                $"The service cannot listen at {endpoint} ({fault.Message}): {RemedyOf(fault.SocketErrorCode)}, or name another one with {setting}.", fault);
        }
    }

    private static string RemedyOf(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => "stop the program that listens there",
        SocketError.AccessDenied => "ports below 1024 take a privilege (CAP_NET_BIND_SERVICE)",
        _ => "it has to be an address of this machine",
    };
}
