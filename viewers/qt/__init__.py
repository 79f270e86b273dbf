"""Qt widgets that show resolved views and send pointer events to the tools.

Why the planes are painted and not rendered. Three designs were built and measured, in one run each on two cores without
a graphics card (OpenGL in software), on a busy machine: int16, 400 × 512 × 512, viewports of 424 × 424 pixels, one
third of them oblique, each moved in turn. Milliseconds from the change of the plane to windowed pixels are the median
and, because others took the machine's time, the least; memory comes on top of the voxels.

======================================================  ===========  ===========  ===========  =====================
design                                                  1 viewport   4 viewports  12 viewports memory, 1 and 12
======================================================  ===========  ===========  ===========  =====================
a Qt/VTK widget and vtkImageResliceMapper per viewport  144, 47      154, 36      81, 21       308 MB, 541 MB
one off-screen window, a renderer per viewport          11.5, 8.2    44, 7.9      52, 10       289 MB, 384 MB
compiled loops into a QImage (this package)             2.9, 2.2     2.8, 0.7     7.3, 0.7     184 MB, 191 MB
======================================================  ===========  ===========  ===========  =====================

A widget per viewport took 3 to 8 seconds to open, 1 to 3 to open and close once more, and kept 6 to 12 MB each time.
Its contexts share timers with each other, so that closing one can freeze another (pyvistaqt 762, 845), and it paints
outside Qt's double buffering (pyvistaqt 200). One off-screen window avoids that, but every picture is drawn, read back
and copied. vtkImageResliceMapper cuts the plane on the processor in every design, a graphics card only stretches and
windows the result. What cuts a plane on the card, the slice blend of VTK's volume mapper, was tried too, in software:
levels differ by 2 of 255 at most, but it ends at the outer voxel centres instead of half a voxel beyond, knows no gaps,
uneven slices or slabs of exact thickness, and holds the voxels twice. With frames far below what a hand notices on two
cores it is not offered.

So slices and reconstructions are cut by compiled loops on the processor, on all cores, into a QImage, and QPainter
draws it and all that lies over it. VTK renders volumes only, off-screen, and gives back a picture; whether it uses the
graphics card for that is measured at run time, when the first volume is shown (``viewers.scene.volume_rendering``). No
OpenGL window is ever inside the Qt window, and a machine without OpenGL loses 3D and nothing else. How fast a frame is
beside stock VTK, ``requis bench viewers`` says.

Why a viewport keeps no state. It is shown one frozen ``ViewportContent`` and answers with frozen intents. What must
survive it (window, slice, marks) is the application's; what it keeps is a press in progress and the last picture.

Why plain text. Names and descriptions come from files that others wrote: QPainter draws them as characters, and no
rich text is ever made of them.
"""
