using Federation.Actuation.Qemu;

namespace Federation.Actuation.Tests.Qemu;

/// <summary>Two network namespaces, each with a bridge, joined as one network that can be cut. They go with it.</summary>
internal sealed class NamespacePair : IAsyncDisposable
{
    private static int made;

    private readonly HostPrograms programs = new([]);
    private readonly string name = $"fq{Environment.ProcessId}-{Interlocked.Increment(ref made)}";

    private string A => $"{name}a";

    private string B => $"{name}b";

    public QemuOptions OfA(QemuOptions options) => Of(options, A, "10.77.0.1");

    public QemuOptions OfB(QemuOptions options) => Of(options, B, "10.77.0.2");

    public async Task<NamespacePair> Up()
    {
        foreach (var (space, address) in ((string, string)[])[(A, "10.77.0.1/24"), (B, "10.77.0.2/24")])
        {
            await Ip($"netns add {space}");
            await Ip($"-n {space} link set lo up");
            await Ip($"-n {space} link add br0 type bridge");
            await Ip($"-n {space} addr add {address} dev br0");
            await Ip($"-n {space} link set br0 up");
        }

        await Ip($"link add v0 netns {A} type veth peer name v0 netns {B}");
        // Higher than nearly all that the kernel makes up: a bridge takes the lowest of its ports.
        await Ip($"-n {A} link set v0 address fc:ff:ff:ff:ff:01 master br0 up");
        await Ip($"-n {B} link set v0 address fc:ff:ff:ff:ff:02 master br0 up");
        return this;
    }

    /// <summary>The hardware address of the bridge at the first host.</summary>
    public async Task<string> BridgeOfA() => (await InA("cat", "/sys/class/net/br0/address")).Trim();

    /// <summary>What a program prints at the first host.</summary>
    public Task<string> InA(params string[] words) => programs.Do(["ip", "netns", "exec", A, .. words], CancellationToken.None);

    public Task Cut() => Ip($"-n {A} link set v0 down");

    public async ValueTask DisposeAsync()
    {
        foreach (var space in (string[])[A, B])
        {
            await programs.Try(["ip", "netns", "del", space], "", CancellationToken.None);
        }
    }

    private static QemuOptions Of(QemuOptions options, string space, string address) => options with
    {
        Launcher = ["ip", "netns", "exec", space],
        Address = address,
        Bridge = "br0",
        LifeSign = TimeSpan.FromSeconds(3),
        Patience = TimeSpan.FromSeconds(1),
    };

    private Task<string> Ip(string words) => programs.Do(["ip", .. words.Split(' ')], CancellationToken.None);
}
