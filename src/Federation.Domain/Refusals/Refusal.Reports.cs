using Federation.Domain.Identity;

namespace Federation.Domain.Refusals;

// Why a window that a sensor reports is not taken.
public sealed partial record Refusal
{
    /// <summary>There is no application of this name, or of several tenants' one it is not said which.</summary>
    public static Refusal ReportOfNoApplication(AppId named) => new(RefusalCode.ReportOfNoApplication, new() { Application = named });

    /// <summary>The application has no such VM.</summary>
    public static Refusal ReportOfUnknownVm(AppId application, VmId vm) =>
        new(RefusalCode.ReportOfUnknownVm, new() { Application = application, Vm = vm });

    /// <summary>The window is further ahead than windows are kept aside.</summary>
    /// <param name="window">The window.</param>
    /// <param name="now">The service's clock.</param>
    /// <param name="most">How many windows it may be ahead.</param>
    public static Refusal ReportFromTheFuture(string window, DateTimeOffset now, int most) =>
        new(RefusalCode.ReportFromTheFuture, new() { Detail = window, At = now, Limit = most });

    /// <summary>The sender's token is another sensor's.</summary>
    /// <param name="sensor">Whose token it is.</param>
    /// <param name="named">As whom it reports.</param>
    public static Refusal ReportUnderOtherName(string sensor, string named) =>
        new(RefusalCode.ReportUnderOtherName, new() { Sensor = sensor, Detail = named });

    /// <summary>The VM was never on the sensor's host.</summary>
    /// <param name="application">Whose VM it is.</param>
    /// <param name="vm">The VM.</param>
    /// <param name="place">The host with its site.</param>
    /// <param name="host">The host's name at its site; null: the sensor has the site's VMs that are on no named host.</param>
    /// <param name="sensor">The sensor.</param>
    public static Refusal ReportOfStranger(AppId application, VmId vm, string place, string? host, string sensor) =>
        new(RefusalCode.ReportOfStranger, new() { Application = application, Vm = vm, Host = place, Detail = host, Sensor = sensor });

    /// <summary>The VM was on the sensor's host, but not in the window.</summary>
    public static Refusal ReportFromElsewhere(VmId vm, string host, string sensor, string window) =>
        new(RefusalCode.ReportFromElsewhere, new() { Vm = vm, Host = host, Sensor = sensor, Detail = window });
}
